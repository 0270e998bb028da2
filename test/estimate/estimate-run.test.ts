import { describe, expect, test } from 'vitest';
import { adaptive } from '../../src/adaptive/adaptive.ts';
import { aloeCases } from '../../src/benchmark/aloe-cases.ts';
import { ruleCases } from '../../src/benchmark/rule-cases.ts';
import { continueBoth } from '../../src/conversations/continuation.ts';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { describeEstimate } from '../../src/estimate/describe-estimate.ts';
import { type EstimateOptions, estimateRun } from '../../src/estimate/estimate-run.ts';
import type { PlannedConversations } from '../../src/estimate/play-conversations.ts';
import type { PlannedEvaluation } from '../../src/estimate/play-evaluation.ts';
import type { EstimatedAmount, RunEstimate } from '../../src/estimate/run-estimate.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { chainOfThought } from '../../src/evaluation/baselines/chain-of-thought.ts';
import { oracle } from '../../src/evaluation/baselines/oracle.ts';
import { reminder } from '../../src/evaluation/baselines/reminder.ts';
import { selfCritic } from '../../src/evaluation/baselines/self-critic.ts';
import { checklistJudge } from '../../src/evaluation/judges/checklist-judge.ts';
import { holisticJudge } from '../../src/evaluation/judges/holistic-judge.ts';
import { panelJudge } from '../../src/evaluation/judges/panel.ts';
import { ruleJudge } from '../../src/evaluation/judges/rule-judge.ts';
import type { ChatModel } from '../../src/models/chat-model.ts';
import { pairPersona } from '../../src/personas/persona.ts';
import { PersonaPool } from '../../src/personas/persona-pool.ts';
import { seedPersonalities } from '../../src/personas/seed-personalities.ts';
import { seedProfiles } from '../../src/personas/seed-profiles.ts';
import { memoryRun, type Run } from '../../src/runs/run.ts';
import { fakeEmbedder } from '../../src/testing/fake-embedder.ts';
import { verifyPairs } from '../../src/verification/verify-pairs.ts';
import { counting } from './counting-model.ts';

const people = seedProfiles.map((profile, index) =>
  pairPersona(profile, seedPersonalities[index % seedPersonalities.length]!),
);

/** Really runs what is planned, with a scripted model in every role. */
async function actual({ growth, conversations, verification, evaluation }: EstimateOptions): Promise<Run> {
  const run = memoryRun({ seed: 3 });
  if (growth) await PersonaPool.grow({ ...growth, run });
  if (conversations) {
    const { personas, verify, ...options } = conversations;
    const played = typeof personas === 'number' ? people.slice(0, personas) : personas;
    const trees = new ConversationTreeBuilder({ ...options, run }).build(played);
    await Array.fromAsync(verify === undefined ? trees : verifyPairs(trees, { ...verify, run }));
  }
  if (verification) {
    const { conversations: trees, ...settings } = verification;
    await Array.fromAsync(verifyPairs(trees, { ...settings, run }));
  }
  if (evaluation) {
    const { candidates, ...options } = evaluation;
    const evaluator = new AloeEvaluator({ ...options, run });
    for (const candidate of candidates) await evaluator.evaluate(candidate);
  }
  return run;
}

function figuresOf({ calls, usage }: Pick<EstimatedAmount, 'calls' | 'usage'>): Record<string, number> {
  return { calls, inputTokens: usage.inputTokens, outputTokens: usage.outputTokens };
}

async function expectToMeet(plan: EstimateOptions): Promise<void> {
  const [{ total }, run] = await Promise.all([estimateRun(plan), actual(plan)]);
  const [low, typical, high] = [total.low, total.typical, total.high].map(figuresOf);
  for (const [name, value] of Object.entries(figuresOf(run.stats()))) {
    expect(value, `${name}, at least`).toBeGreaterThanOrEqual(low![name]!);
    expect(value, `${name}, at most`).toBeLessThanOrEqual(high![name]!);
    expect(Math.abs(typical![name]! / value - 1), `${name}, off by`).toBeLessThan(0.3);
  }
  const { calls } = run.stats();
  expect(Math.abs(total.typical.calls / calls - 1), 'calls, off by').toBeLessThan(0.1);
}

const model = counting();
const cases = aloeCases().slice(0, 4);
const teachers = [model, counting()];
const severalTeachers = { rolePlayer: model, inducer: model, preferred: teachers, rejected: teachers };

describe('an estimate agrees with a run of scripted models', () => {
  test.each<[string, Partial<PlannedConversations>]>([
    ['ten turns, as in the paper', {}],
    ['three turns', { turns: 3 }],
    ['the current message induced as well', { turns: 6, induction: 'current-message' }],
    ['both responses continued for two turns', { turns: 5, continuation: continueBoth({ depth: 2 }) }],
    ['each message checked by a model', { turns: 4, userChecks: { model } }],
    ['the best of three a side, by two teachers', { turns: 3, bestOf: 3, roles: severalTeachers }],
    ['pairs that are verified as they come', { turns: 4, verify: { judge: model } }],
    ['personas that exist, more than are played', { turns: 4, personas: people.slice(0, 11) }],
  ])('in conversations of %s', async (_what, options) => {
    await expectToMeet({ conversations: { roles: model, personas: 8, ...options } });
  });

  test('in the verification of conversations of which a sample is given', async () => {
    const builder = new ConversationTreeBuilder({ roles: model, turns: 3, order: 'input' });
    const trees = await Array.fromAsync(builder.build(people.slice(0, 12)));
    await expectToMeet({ verification: { judge: model, conversations: trees } });
    const sample = { judge: model, conversations: trees.slice(0, 4), pairs: 36 };
    const { verification } = await estimateRun({ verification: sample });
    expect(verification.low.calls).toBe(2 * 36);
  });

  test.each<[string, PlannedEvaluation]>([
    ['two candidates', { user: model, judge: model, cases, candidates: [model, oracle(model)] }],
    [
      'a panel of samples and a checklist, and an inducer',
      {
        user: model,
        judge: panelJudge([holisticJudge(model, { samples: 2 }), checklistJudge(model, { items: 6 })]),
        inducer: model,
        cases,
        candidates: [model, reminder(model)],
      },
    ],
    [
      'candidates that make several calls a turn',
      {
        user: model,
        judge: model,
        cases,
        candidates: [selfCritic(model), chainOfThought(model), adaptive(model)],
      },
    ],
    [
      'rules in place of a judge',
      { user: model, judge: ruleJudge(), cases: ruleCases(cases), candidates: [model] },
    ],
    [
      'each case played three times',
      { user: model, judge: model, turns: 3, repeats: 3, cases, candidates: [model] },
    ],
    [
      'more cases than are played',
      { user: model, judge: model, turns: 3, cases: aloeCases().slice(0, 15), candidates: [model] },
    ],
  ])('in an evaluation with %s', async (_what, evaluation) => {
    await expectToMeet({ evaluation });
  });

  test('in the growth of a pool half of whose generated entries are too similar', async () => {
    let embedded = 0;
    const embedder = fakeEmbedder();
    const half = {
      ...embedder,
      // Every second text is the same to it.
      embed: (texts: readonly string[]) =>
        embedder.embed(texts.map((text) => (embedded++ % 2 === 0 ? 'the same' : `${embedded} ${text}`))),
    };
    await expectToMeet({
      growth: { model, embedder: half, similarityThreshold: 0.99, profiles: 120, personalities: 60 },
    });
  });

  test('of each stage by itself, when all are planned', async () => {
    const conversations = { roles: model, turns: 2, personas: 3 };
    const evaluation = { user: model, judge: model, turns: 2, cases, candidates: [model] };
    const growth = { model, embedder: fakeEmbedder(), profiles: 60, personalities: 12 };
    const all = await estimateRun({ growth, conversations, evaluation });
    expect(all.growth).toEqual((await estimateRun({ growth })).total);
    expect(all.conversations).toEqual((await estimateRun({ conversations })).total);
    expect(all.evaluation).toEqual((await estimateRun({ evaluation })).total);
    for (const bound of ['low', 'typical', 'high'] as const) {
      const stages = [all.growth, all.conversations, all.evaluation];
      expect(all.total[bound].calls).toBe(stages.reduce((sum, range) => sum + range[bound].calls, 0));
    }
  });
});

describe('unusable replies', () => {
  const evaluation = { user: model, judge: model, cases, candidates: [model] };
  const turns = 10 * cases.length;

  test('are none in the low bound, 2 % typically, and 10 % in the high bound', async () => {
    const { total, roles } = await estimateRun({ evaluation });
    // User, candidate, and the judge twice: for the user and for another persona.
    expect(total.low.calls).toBe(4 * turns);
    // Users and judges can be asked again; candidates are not.
    expect(roles.candidate?.calls).toBe(turns);
    expect((total.typical.calls - 4 * turns) / (3 * turns)).toBeCloseTo(0.02, 1);
    expect(total.typical.calls).toBeGreaterThan(4 * turns);
    expect((total.high.calls - 4 * turns) / (3 * turns)).toBeCloseTo(0.1, 1);
  });

  test('lie within the bounds when a real model writes a bad one now and then', async () => {
    let calls = 0;
    const clumsy: ChatModel = {
      ...model,
      async generate(request, options) {
        const response = await model.generate(request, options);
        calls += 1;
        return options?.place?.role !== 'candidate' && calls % 17 === 0
          ? { ...response, text: '' }
          : response;
      },
    };
    const { total } = await estimateRun({ evaluation });
    const { calls: made } = (
      await actual({ evaluation: { ...evaluation, user: clumsy, judge: clumsy } })
    ).stats();
    expect(made).toBeGreaterThan(total.low.calls);
    expect(made).toBeLessThan(total.high.calls);
  });

  test('end a conversation that allows one attempt only', async () => {
    const conversations = { roles: model, personas: 4, attempts: 1 };
    const { total } = await estimateRun({ conversations });
    expect(total.low.calls).toBeLessThan(total.high.calls);
    expect(total.high.calls).toBeLessThanOrEqual(4 * 10 * 4);
  });
});

describe('an estimate', () => {
  test('of the paper is about 132,000 calls, most of them for conversations', async () => {
    const { conversations, evaluation } = await estimateRun({
      conversations: { roles: model, personas: 3_310 },
      evaluation: { user: model, judge: model, cases: aloeCases(), candidates: [model] },
    });
    expect(Math.abs(conversations.typical.calls / (3_310 * 10 * 4) - 1)).toBeLessThan(0.02);
    expect(evaluation.low.calls).toBe(100 * 10 * 4);
  });

  test('never calls a model or an embedder', async () => {
    const never = () => {
      throw new Error('called');
    };
    const real: ChatModel = { id: 'real', generate: never };
    const judge = panelJudge([holisticJudge(real), checklistJudge(real)]);
    const { roles } = await estimateRun({
      growth: {
        model: real,
        embedder: { id: 'real', dimensions: 3, embed: never },
        profiles: 25,
        personalities: 13,
      },
      conversations: { roles: real, turns: 2, personas: 1, userChecks: { model: real } },
      evaluation: { user: real, judge, inducer: real, turns: 2, cases, candidates: [adaptive(real)] },
    });
    expect(Object.keys(roles).toSorted()).toEqual([
      'candidate',
      'candidate:inference',
      'checklist',
      'generator',
      'inducer',
      'judge',
      'judge:other',
      'preferred',
      'rejected',
      'role-player',
      'role-player-check',
      'user',
    ]);
  });

  test('gets a usable reply from every stand-in: no call is repeated in the low bound', async () => {
    const plan = {
      growth: { model, embedder: fakeEmbedder(), profiles: 60, personalities: 20 },
      evaluation: {
        user: model,
        judge: checklistJudge(model, { items: 20 }),
        inducer: model,
        turns: 2,
        cases,
        candidates: [adaptive(model), model],
      },
    };
    const { growth, evaluation } = await estimateRun(plan);
    expect(growth.low.calls).toBe((60 - seedProfiles.length) / 20 + 1);
    // A turn: user, inducer, judge twice and candidate, one of which infers first. One list of questions a case, and one
    // first message for both candidates.
    expect(evaluation.low.calls).toBe(cases.length * (2 * (5 + 6) + 1 - 1));
  });

  test('counts the first message of a case once, however many candidates there are', async () => {
    const candidates = [model, oracle(model), reminder(model)];
    const evaluation = { user: model, judge: model, turns: 3, cases, candidates };
    const { roles, evaluation: stage } = await estimateRun({ evaluation });
    expect(roles.user!.calls).toBeLessThan(cases.length * candidates.length * 3);
    // User, candidate and two judgements a turn, but the first message for all candidates together.
    expect(stage.low.calls).toBe(cases.length * (candidates.length * 3 * 4 - (candidates.length - 1)));
  });

  test.each<[string, EstimateOptions]>([
    ['one attempt', { conversations: { roles: model, turns: 5, attempts: 1, personas: 9 } }],
    ['long conversations', { conversations: { roles: model, turns: 25, personas: 1 } }],
    [
      'an early bottleneck',
      { growth: { model, embedder: fakeEmbedder(), bottleneck: { acceptance: 0.4, window: 20 } } },
    ],
    ['few calls', { growth: { model, embedder: fakeEmbedder(), profiles: 2_000, maxCalls: 8 } }],
    ['an inducer', { evaluation: { user: model, judge: model, inducer: model, cases, candidates: [model] } }],
  ])('has its bounds the right way round with %s', async (_what, plan) => {
    const { total } = await estimateRun({
      ...plan,
      prices: { [model.id]: { input: 2, cachedInput: 0.2, output: 8 } },
    });
    for (const [less, more] of [
      [total.low, total.typical],
      [total.typical, total.high],
    ] as const) {
      expect(less.calls).toBeLessThanOrEqual(more.calls);
      expect(less.usage.inputTokens).toBeLessThanOrEqual(more.usage.inputTokens);
      expect(less.usage.outputTokens).toBeLessThanOrEqual(more.usage.outputTokens);
      expect(less.usd!).toBeLessThanOrEqual(more.usd!);
    }
    for (const { usage } of Object.values(total)) {
      expect(usage.cachedInputTokens).toBeLessThanOrEqual(usage.inputTokens);
    }
  });

  test('is the same every time', async () => {
    const plan = {
      conversations: { roles: model, turns: 3, personas: 2 },
      evaluation: {
        user: model,
        judge: holisticJudge(model, { samples: 3 }),
        turns: 3,
        cases,
        candidates: [model],
      },
    };
    expect(await estimateRun(plan)).toEqual(await estimateRun(plan));
  });

  test('expects cached input only beyond the size at which providers start to cache', async () => {
    const share = async (turns: number) => {
      const { total } = await estimateRun({ conversations: { roles: model, turns, personas: 1 } });
      return total.typical.usage.cachedInputTokens / total.typical.usage.inputTokens;
    };
    expect(await share(2)).toBe(0);
    expect(await share(20)).toBeGreaterThan(0.4);
  });

  test('leaves out what is not planned, and entries that exist', async () => {
    const { total, growth, assumptions } = await estimateRun({
      growth: { model, embedder: fakeEmbedder(), profiles: 20, personalities: 12 },
      conversations: { roles: model, personas: 0 },
    });
    expect([growth.high.calls, total.high.calls, total.high.usd]).toEqual([0, 0, 0]);
    expect(assumptions.length).toBeGreaterThan(5);
  });

  test('uses the lengths it is given, up to maxOutputTokens', async () => {
    const output = async (options: object, lengths: object) => {
      const conversations = { roles: model, turns: 2, personas: 1, ...options };
      const { roles } = await estimateRun({ conversations, lengths });
      return roles.rejected!.usage.outputTokens;
    };
    expect(await output({}, { response: 200 })).toBe(2 * 200);
    expect(await output({ responses: { maxOutputTokens: 50 } }, { response: 200 })).toBe(2 * 50);
  });

  test('has a dollar amount if every model has a price', async () => {
    const named = (id: string) => ({ ...model, id });
    const prices = { big: { input: 10, output: 30 }, free: { input: 0, output: 0 } };
    const estimate = (user: string, candidate: string) =>
      estimateRun({
        evaluation: {
          user: named(user),
          judge: named('free'),
          turns: 2,
          cases,
          candidates: [named(candidate)],
        },
        prices,
      });
    const { roles, total } = await estimate('big', 'free');
    const { inputTokens, outputTokens } = roles.user!.usage;
    expect(total.typical.usd).toBeCloseTo((inputTokens * 10 + outputTokens * 30) / 1e6, 9);
    expect((await estimate('free', 'free')).total.typical.usd).toBe(0);
    const embedded = { ...named('embedded'), free: true };
    expect(
      (
        await estimateRun({
          evaluation: { user: embedded, judge: embedded, turns: 2, cases, candidates: [embedded] },
        })
      ).total.typical.usd,
    ).toBe(0);
    expect((await estimate('big', 'constructor')).total).toMatchObject({
      low: { usd: null },
      typical: { usd: null },
      high: { usd: null },
    });
  });

  test.each<[string, EstimateOptions]>([
    ['turns', { conversations: { roles: model, personas: 1, turns: 0 } }],
    ['roles', { conversations: { roles: undefined as never, personas: 0 } }],
    ['conversations.personas', { conversations: { roles: model, personas: -1 } }],
    ['cases', { evaluation: { user: model, judge: model, cases: [], candidates: [] } }],
    [
      'evaluation.candidates',
      { evaluation: { user: model, judge: model, cases, candidates: model as never } },
    ],
    ['maxCalls', { growth: { model, embedder: fakeEmbedder(), maxCalls: 0 } }],
    ['lengths.response', { lengths: { response: 0 } }],
    ['prices.x.input', { prices: { x: { input: -1, output: 1 } } }],
  ])('rejects an invalid %s', async (option, options) => {
    await expect(estimateRun(options)).rejects.toThrow(`Option "${option}"`);
  });
});

describe('describeEstimate', () => {
  const amount = (calls: number, tokens: number, usd: number | null, stored = 0, rebought = 0) => ({
    calls,
    stored,
    rebought,
    usage: { inputTokens: tokens - 300, cachedInputTokens: 0, outputTokens: 300 },
    usd,
    rounds: 0,
  });
  const described = (...[low, typical, high]: EstimatedAmount[]) =>
    describeEstimate({ total: { low: low!, typical: typical!, high: high! } } as RunEstimate);

  test('is one line', () => {
    expect(described(amount(90, 42_500, null), amount(96, 60_700, null), amount(110, 108_000, null))).toBe(
      'Estimate: 96 model calls, 61k tokens (43k-108k). Cached calls are free.',
    );
  });

  test('shows dollars if they are known, and no range if both bounds read the same', () => {
    expect(described(amount(1, 900, 0.1), amount(1, 900, 0.25), amount(1, 900, 0.4))).toBe(
      'Estimate: 1 model call, 900 tokens, $0.25 ($0.10-$0.40). Cached calls are free.',
    );
    expect(described(amount(1, 900, null), amount(132_400, 106e6, null), amount(1, 191.3e6, null))).toBe(
      'Estimate: 132k model calls, 106M tokens (900-191M). Cached calls are free.',
    );
  });

  test('shows no dollars for models that cost nothing', () => {
    expect(described(amount(1, 900, 0), amount(1, 900, 0), amount(1, 900, 0))).toBe(
      'Estimate: 1 model call, 900 tokens. Cached calls are free.',
    );
  });

  test('says how long batches may take', () => {
    const inBatches = (rounds: number) => ({ ...amount(40, 900, null), rounds });
    expect(described(inBatches(1), inBatches(1), inBatches(1))).toMatch(
      / It waits for one batch, which may take up to 24 hours\.$/,
    );
    expect(described(inBatches(38), inBatches(40), inBatches(44))).toMatch(
      / It waits for about 40 batches, one after the other, and each may take up to 24 hours\.$/,
    );
  });

  test.each([
    [[0, 300, 0, 1_560], 'Estimate: all 1.6k calls are stored. Nothing to buy.'],
    [[12, 900, 0.1, 1], 'Estimate: 1 call stored, 12 to buy, 900 tokens, $0.10.'],
    [[96, 900, null, 40, 90], 'Estimate: 40 calls stored, 96 to buy (90 of them again), 900 tokens.'],
    [[96, 900, null, 40, 96], 'Estimate: 40 calls stored, 96 to buy (all again), 900 tokens.'],
  ] as [Parameters<typeof amount>, string][])(
    'says what is stored and what would be bought: %j',
    (figures, line) => {
      const same = amount(...figures);
      expect(described(same, same, same)).toBe(line);
    },
  );
});
