import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aloeCases } from '../../src/benchmark/aloe-cases.ts';
import { ruleCases } from '../../src/benchmark/rule-cases.ts';
import {
  ConversationTreeBuilder,
  type ConversationTreeBuilderOptions,
} from '../../src/conversations/conversation-tree-builder.ts';
import { responderPrompt } from '../../src/conversations/prompts/responder.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import type { AloeEvaluatorOptions } from '../../src/evaluation/evaluator-options.ts';
import { holisticJudge } from '../../src/evaluation/judges/holistic-judge.ts';
import { canonicalJson, sha256 } from '../../src/internal/hash.ts';
import { callKey } from '../../src/models/call-key.ts';
import type { ChatModel, ChatRequest } from '../../src/models/chat-model.ts';
import { openai } from '../../src/models/openai.ts';
import { openaiCompatible } from '../../src/models/openai-compatible.ts';
import type { PersonaPoolGrowOptions } from '../../src/personas/grow-options.ts';
import { type Persona, pairPersona } from '../../src/personas/persona.ts';
import { PersonaPool } from '../../src/personas/persona-pool.ts';
import { seedPersonalities } from '../../src/personas/seed-personalities.ts';
import { seedProfiles } from '../../src/personas/seed-profiles.ts';
import type { RunEvent } from '../../src/runs/events.ts';
import { openRun, type RunOptions } from '../../src/runs/run.ts';
import { fakeEmbedder } from '../../src/testing/fake-embedder.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';
import { openIds } from '../conversations/fakes.ts';

const LOCAL = { baseUrl: 'http://localhost:8000/v1' };

/** Answers depend on the request and on nothing else, so that a changed answer changes what is asked next. */
function answer(id: string, request: ChatRequest, role: string): string {
  const mark = sha256(canonicalJson([id, request]))
    .replace(/\d/g, 'g')
    .slice(0, 12);
  if (role === 'generator') {
    const { name } = request.outputSchema!;
    const entry = (at: number) =>
      Array.from({ length: 8 }, (_, index) => `Likes ${mark} number ${at} and ${index}`);
    return JSON.stringify({ [name]: [entry(1), entry(2)] });
  }
  // The same finding in other words, so that what follows shows whether words or findings matter.
  if (role === 'inducer') return JSON.stringify({ revealed: openIds(request).slice(0, 1) });
  if (role.startsWith('judge')) return JSON.stringify({ rationale: `Because ${mark}.`, score: 3 });
  return `The ${mark} was long.`;
}

/** A model as a provider makes it, whose answers need no server. */
function offline(like: ChatModel): ChatModel {
  const { id, server } = like;
  const model = scriptedModel((request, { place }) => answer(id, request, place!.role), { id });
  return { ...model, server };
}

const base = offline(openai('base', LOCAL));
const other = offline(openai('other', LOCAL));

interface Program {
  readonly run: RunOptions;
  readonly growth: Omit<PersonaPoolGrowOptions, 'run'>;
  readonly conversations: Omit<ConversationTreeBuilderOptions, 'run'>;
  readonly people: readonly Persona[];
  readonly evaluation: Omit<AloeEvaluatorOptions, 'run'>;
  readonly candidate: { readonly name: string; readonly model: ChatModel };
}

const people = Array.from({ length: 3 }, (_, index) =>
  pairPersona(seedProfiles[index]!, seedPersonalities[index]!),
);
// Of two cases that follow each other the rules are opposite. Here another one is between them.
const [one, itsOpposite, two, third] = ruleCases(aloeCases().slice(0, 4));
const cases = [one!, two!, itsOpposite!, third!];

const PROGRAM: Program = {
  run: { seed: 7, sameModel: true },
  growth: {
    model: base,
    embedder: fakeEmbedder(),
    profiles: 22,
    personalities: 1,
    entriesPerCall: 2,
    maxCalls: 4,
  },
  conversations: { roles: base, turns: 2, continuation: () => ['preferred'] },
  people: people.slice(0, 2),
  evaluation: {
    user: base,
    judge: holisticJudge(base),
    cases: cases.slice(0, 3),
    turns: 2,
  },
  candidate: { name: 'mine', model: base },
};

/** Runs the program in a copy of the finished run. Returns the roles that were called, and how many calls were bought again. */
async function runAgain(dir: string, { run: options, growth, conversations, ...rest }: Program) {
  const roles = new Set<string>();
  const onEvent = (event: RunEvent) => {
    if (event.type === 'call-start') roles.add(event.place!.role);
  };
  const run = await openRun(dir, { ...options, onEvent });
  try {
    await PersonaPool.grow({ ...growth, run });
    const builder = new ConversationTreeBuilder({ ...conversations, run });
    await Array.fromAsync(builder.build(rest.people));
    await new AloeEvaluator({ ...rest.evaluation, run }).evaluate(rest.candidate);
    return { roles: [...roles].sort(), ...run.stats() };
  } finally {
    await run.close();
  }
}

let folder: string;
let finished: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-what-'));
  finished = join(folder, 'finished');
  const { roles } = await runAgain(finished, PROGRAM);
  expect(roles).toEqual([...GROWTH, ...CONVERSATION, ...EVALUATION].sort());
}, 300_000);
afterAll(() => rm(folder, { recursive: true }));

const GROWTH = ['generator'];
const CONVERSATION = ['inducer', 'preferred', 'rejected', 'role-player'];
const JUDGE = ['judge', 'judge:other'];
const EVALUATION = ['candidate', ...JUDGE, 'user'];

type Change = (program: Program) => Partial<Program>;
const inConversations =
  (change: Partial<Program['conversations']>): Change =>
  ({ conversations }) => ({ conversations: { ...conversations, ...change } });
const inEvaluation =
  (change: Partial<Program['evaluation']>): Change =>
  ({ evaluation }) => ({ evaluation: { ...evaluation, ...change } });
const inRun =
  (change: RunOptions): Change =>
  ({ run }) => ({ run: { ...run, ...change } });
const everywhere =
  (model: ChatModel): Change =>
  ({ growth, conversations, evaluation }) => ({
    growth: { ...growth, model },
    conversations: { ...conversations, roles: model },
    evaluation: { ...evaluation, user: model, judge: holisticJudge(model) },
    candidate: { name: 'mine', model },
  });
const roles = { rolePlayer: base, inducer: base, preferred: base, rejected: base };

/** What changed, what docs/runs.md says is called again, the changed program, the roles called, and whether some are re-buys. */
const ROWS: readonly [string, string, Change, readonly string[], boolean][] = [
  ['nothing', 'nothing', () => ({}), [], false],
  [
    '`concurrency`, `limits`, `retry`, `budget`, `prices`',
    'nothing',
    inRun({ concurrency: 2, budget: { tokens: 1e9 }, retry: { retries: 1 } }),
    [],
    false,
  ],
  ['order of personas, or fewer of them', 'nothing', () => ({ people: [people[1]!] }), [], false],
  ['fewer cases, from the end', 'nothing', inEvaluation({ cases: cases.slice(0, 2) }), [], false],
  [
    'order of cases, or fewer from the middle',
    'judgements for another persona, where another one is drawn',
    inEvaluation({ cases: cases.slice(0, 3).reverse() }),
    ['judge:other'],
    true,
  ],
  [
    'address of a model (with `sameModel`)',
    'nothing',
    everywhere(offline(openai('base', { baseUrl: 'http://gpu7:9000/v1' }))),
    [],
    false,
  ],
  [
    'adapter: `openaiCompatible()` in place of `openai()`',
    'nothing',
    everywhere(offline(openaiCompatible('base', LOCAL))),
    [],
    false,
  ],
  [
    'name or revision of a model, everywhere',
    'everything',
    everywhere(offline(openai('base', { ...LOCAL, revision: 'r2' }))),
    [...GROWTH, ...CONVERSATION, ...EVALUATION],
    true,
  ],
  [
    'model, prompt or settings of `PersonaPool.grow`',
    'its calls, and conversations with personas that are new',
    ({ growth }) => ({ growth: { ...growth, temperature: 1 } }),
    GROWTH,
    true,
  ],
  [
    'more profiles or personalities',
    'the waves that come after the last full one',
    ({ growth }) => ({ growth: { ...growth, profiles: 26, maxCalls: 6 } }),
    GROWTH,
    true,
  ],
  [
    'model, prompt or settings of the role-player',
    'the whole conversations',
    inConversations({ userMessages: { temperature: 0.3 } }),
    CONVERSATION,
    true,
  ],
  [
    'model, prompt or settings of the inducer',
    "the inducer's calls, and what follows from other findings",
    inConversations({ roles: { ...roles, inducer: other } }),
    ['inducer'],
    true,
  ],
  [
    'model of the response that a conversation does not go on with',
    'its calls',
    inConversations({ roles: { ...roles, rejected: other } }),
    ['rejected'],
    true,
  ],
  [
    'model of the response that a conversation goes on with',
    'its calls, and the later turns',
    inConversations({ roles: { ...roles, preferred: other } }),
    CONVERSATION,
    true,
  ],
  [
    'prompt or settings of the responses',
    'both responses, and the later turns',
    inConversations({
      prompts: {
        responder: {
          ...responderPrompt,
          messages: (variables) => [
            { role: 'system', content: 'Be kind.' },
            ...responderPrompt.messages(variables),
          ],
        },
      },
    }),
    CONVERSATION,
    true,
  ],
  ['more personas', 'the new conversations', () => ({ people: people.toReversed() }), CONVERSATION, false],
  ['more turns', 'the new turns', inConversations({ turns: 3 }), CONVERSATION, false],
  [
    'another candidate, under a name of its own',
    'its evaluation except the first user messages, and nothing of the others',
    () => ({ candidate: { name: 'other', model: other } }),
    EVALUATION,
    false,
  ],
  [
    'model or settings of a candidate that keeps its name',
    "its responses, their judgements, and the users' messages from turn 2 on",
    () => ({ candidate: { name: 'mine', model: other } }),
    EVALUATION,
    true,
  ],
  [
    'name of a candidate',
    'its evaluation except the first user messages',
    () => ({ candidate: { name: 'renamed', model: base } }),
    EVALUATION,
    false,
  ],
  [
    'model, prompt or settings of the simulated user',
    'the whole evaluation',
    inEvaluation({ user: other }),
    EVALUATION,
    true,
  ],
  [
    'judge: its kind, model, prompt or settings',
    'judgements',
    inEvaluation({ judge: holisticJudge(other) }),
    JUDGE,
    true,
  ],
  ['`otherPersona` switched off', 'nothing', inEvaluation({ otherPersona: false }), [], false],
  [
    '`otherPersona`: another draw',
    'judgements for another persona, where another one is drawn',
    inEvaluation({ otherPersona: 'opposite' }),
    ['judge:other'],
    true,
  ],
  ['more cases, at the end', 'the new cases', inEvaluation({ cases }), EVALUATION, false],
  ['more turns of an evaluation', 'the new turns', inEvaluation({ turns: 3 }), EVALUATION, false],
];

describe('after a change, these calls are made again:', () => {
  test.each(ROWS)('%s: %s', async (_what, again, change, called, areRebuys) => {
    const dir = await mkdtemp(join(folder, 'copy-'));
    await cp(finished, dir, { recursive: true });
    const result = await runAgain(dir, { ...PROGRAM, ...change(PROGRAM) });
    expect(result.roles).toEqual([...new Set(called)].sort());
    expect(result.rebought > 0).toBe(areRebuys);
    expect(result.replayed > 0).toBe(again !== 'everything');
  });

  test('another seed is refused', async () => {
    await expect(runAgain(finished, { ...PROGRAM, run: { seed: 8 } })).rejects.toThrow(/seed 7, not 8/);
  });

  test('a call has the key that earlier versions gave it', () => {
    const key = callKey(
      'gpt-4o',
      { messages: [{ role: 'user', content: 'Hello' }], temperature: 0.7, seed: 3 },
      { task: 'conversations', subject: 'ann', turn: 2, role: 'role-player' },
    );
    expect(key).toBe('8c9500c9abf3e020fb786a21e19c00f5d3df107d4ef0dc43042495ad86837b10');
  });

  test('docs/runs.md has the same rows', async () => {
    const page = await readFile(new URL('../../docs/runs.md', import.meta.url), 'utf8');
    const [, section = ''] = page.split('\n## What is bought again');
    const rows = [...section.split('\n## ')[0]!.matchAll(/^\| (.+) \| (.+) \|$/gm)].map(([, what, again]) => [
      what,
      again,
    ]);
    expect(rows.slice(2)).toEqual([
      ...ROWS.map(([what, again]) => [what, again]),
      ['seed of the run', 'refused: a run keeps its seed'],
      [
        'version of this library',
        'nothing, unless prompts or requests have changed; runs of version 0.1 are [only replayed](#read-only-runs)',
      ],
    ]);
  });
});
