import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aloeCases } from '../../src/benchmark/aloe-cases.ts';
import { ruleCases } from '../../src/benchmark/rule-cases.ts';
import { continueBoth } from '../../src/conversations/continuation.ts';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { describeEstimate } from '../../src/estimate/describe-estimate.ts';
import { type EstimatedRange, estimateRun } from '../../src/estimate/estimate.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { checklistJudge } from '../../src/evaluation/judges/checklist-judge.ts';
import { holisticJudge } from '../../src/evaluation/judges/holistic-judge.ts';
import { panelJudge } from '../../src/evaluation/judges/panel.ts';
import { ruleJudge } from '../../src/evaluation/judges/rule-judge.ts';
import type { ChatModel, ChatRequest } from '../../src/models/chat-model.ts';
import { pairPersona } from '../../src/personas/persona.ts';
import { PersonaPool } from '../../src/personas/persona-pool.ts';
import { seedPersonalities } from '../../src/personas/seed-personalities.ts';
import { seedProfiles } from '../../src/personas/seed-profiles.ts';
import { memoryRun, type Run } from '../../src/runs/run.ts';
import { fakeEmbedder } from '../../src/testing/fake-embedder.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

const people = seedProfiles.map((profile, index) =>
  pairPersona(profile, seedPersonalities[index % seedPersonalities.length]!),
);

/** Sentences of about so many tokens, others for every seed. */
function chatter(seed: number, tokens: number): string {
  const words = [
    'honestly',
    'the',
    'weekend',
    'was',
    'rather',
    'long',
    'but',
    'my',
    'garden',
    'needs',
    'rain',
  ];
  let text = `Number ${seed}`;
  for (let at = seed; text.length < tokens * 4; at = (at * 7 + 3) % 1_000_003)
    text += ` ${words[at % words.length]}`;
  return `${text}.`;
}

/** Texts whose lengths lie about those that chat models write in these roles. */
function answer({ seed = 0, outputSchema }: ChatRequest, role: string | undefined): string {
  const about = (tokens: number) => Math.round(tokens * (0.7 + (seed % 61) / 100));
  switch (role) {
    case 'role-player':
    case 'user':
      return chatter(seed, about(36));
    case 'preferred':
    case 'rejected':
      return chatter(seed, about(70));
    case 'candidate':
      return chatter(seed, about(135));
    case 'checklist': {
      const items = Array.from({ length: 6 }, (_, index) => `${chatter(seed + index, 16).slice(0, -1)}?`);
      return JSON.stringify({ items });
    }
    case 'judge':
      if (outputSchema!.name === 'answers')
        return JSON.stringify({ 1: 'yes', 2: 'no', 3: 'yes', 4: 'no', 5: 'no', 6: 'no' });
      return JSON.stringify({ rationale: chatter(seed, about(30)), score: 1 + (seed % 5) });
    case 'inducer': {
      const { properties } = outputSchema!.schema as {
        properties: { revealed: { items: { enum: string[] } } };
      };
      return JSON.stringify({ revealed: properties.revealed.items.enum.slice(0, seed % 3) });
    }
    default: {
      const entry = (index: number) =>
        Array.from({ length: 9 }, (_, at) => chatter(seed + 91 * index + at, 13));
      return JSON.stringify({ [outputSchema!.name]: Array.from({ length: 20 }, (_, index) => entry(index)) });
    }
  }
}

/** A model whose usage is counted as chat templates take it: 4 characters a token, 4 tokens a message. */
function counting(): ChatModel {
  return scriptedModel((request, { place }) => {
    const text = answer(request, place?.role.replace(/-\d+$/, ''));
    const input = request.messages.reduce((sum, { content }) => sum + content.length / 4 + 4, 0);
    return {
      text,
      usage: {
        inputTokens: Math.round(input),
        cachedInputTokens: 0,
        outputTokens: Math.round(text.length / 4),
      },
    };
  });
}

async function actual(
  work: (run: Run, model: ChatModel) => Promise<unknown>,
): Promise<Record<string, number>> {
  const run = memoryRun({ seed: 3 });
  await work(run, counting());
  const { calls, usage } = run.stats();
  return { calls, inputTokens: usage.inputTokens, outputTokens: usage.outputTokens };
}

function check(range: EstimatedRange, real: Record<string, number>): void {
  const figures = (['low', 'expected', 'high'] as const).map((name) => {
    const { calls, usage } = range[name];
    return { calls, inputTokens: usage.inputTokens, outputTokens: usage.outputTokens } as Record<
      string,
      number
    >;
  });
  const [low, expected, high] = figures;
  for (const [name, value] of Object.entries(real)) {
    expect(value, `${name}, at least`).toBeGreaterThanOrEqual(low![name]!);
    expect(value, `${name}, at most`).toBeLessThanOrEqual(high![name]!);
    expect(Math.abs(expected![name]! / value - 1), `${name}, off by`).toBeLessThan(0.3);
  }
}

describe('an estimate meets what a run of scripted models takes', () => {
  test.each([
    ['ten turns, as in the paper', { turns: 10 }],
    ['three turns', { turns: 3 }],
    ['the current message induced as well', { turns: 6, induction: 'current-message' as const }],
    ['both responses followed for two turns', { turns: 5, depth: 2 }],
  ])('in conversations of %s', async (_what, shape) => {
    const { depth = 0, ...options } = { depth: 0, ...shape };
    const conversations = 8;
    const real = await actual((run, roles) =>
      Array.fromAsync(
        new ConversationTreeBuilder({ run, roles, continuation: continueBoth({ depth }), ...options }).build(
          people.slice(0, conversations),
        ),
      ),
    );
    check(estimateRun({ conversations, ...shape }).conversations, real);
  });

  test('in an evaluation of two candidates', async () => {
    const real = await actual(async (run, model) => {
      const cases = aloeCases().slice(0, 4);
      const evaluator = new AloeEvaluator({ run, user: model, judge: model, cases });
      await evaluator.evaluate({ name: 'one', model });
      await evaluator.evaluate({ name: 'other', model });
    });
    check(estimateRun({ cases: 4, candidates: 2 }).evaluation, real);
  });

  test('in an evaluation with a panel of two samples and a checklist, and an inducer', async () => {
    const real = await actual(async (run, model) => {
      const judge = panelJudge([holisticJudge(model, { samples: 2 }), checklistJudge(model, { items: 6 })]);
      const evaluator = new AloeEvaluator({
        run,
        user: model,
        judge,
        inducer: model,
        cases: aloeCases().slice(0, 4),
      });
      await evaluator.evaluate({ name: 'one', model });
      await evaluator.evaluate({ name: 'other', model });
    });
    const shape = { verdicts: 2, checklistItems: 6, induced: true };
    check(estimateRun({ cases: 4, candidates: 2, ...shape }).evaluation, real);
  });

  test('in an evaluation by rules, where no judge is called', async () => {
    const real = await actual(async (run, model) => {
      const evaluator = new AloeEvaluator({
        run,
        user: model,
        judge: ruleJudge(),
        cases: ruleCases(aloeCases().slice(0, 4)),
      });
      await evaluator.evaluate({ name: 'one', model });
    });
    check(estimateRun({ cases: 4, verdicts: 0 }).evaluation, real);
  });

  test('in the growth of a pool half of whose candidates are too similar', async () => {
    let embedded = 0;
    const embedder = fakeEmbedder();
    const half = {
      ...embedder,
      // Every second text is the same to it.
      embed: (texts: readonly string[]) =>
        embedder.embed(texts.map((text) => (embedded++ % 2 === 0 ? 'the same' : `${embedded} ${text}`))),
    };
    const sizes = { profiles: 120, personalities: 60 };
    const real = await actual((run, model) =>
      PersonaPool.grow({ run, model, embedder: half, similarityThreshold: 0.99, ...sizes }),
    );
    check(estimateRun(sizes).personas, real);
  });
});

describe('an estimate', () => {
  test('of the paper is about 132,000 calls, most of them conversations', () => {
    const { conversations, evaluation } = estimateRun();
    expect(Math.abs(conversations.expected.calls / (3_310 * 10 * 4) - 1)).toBeLessThan(0.02);
    expect(evaluation.low.calls).toBe(100 * 10 * 3);
  });

  test('never has its bounds the wrong way round, in calls, tokens or dollars', () => {
    const prices = { m: { input: 2, cachedInput: 0.2, output: 8 } };
    const size = (max: number) => fc.integer({ min: 0, max });
    const options = fc.record({
      profiles: size(2_000),
      personalities: size(500),
      entriesPerCall: fc.integer({ min: 1, max: 40 }),
      conversations: size(5_000),
      turns: fc.integer({ min: 1, max: 25 }),
      depth: size(4),
      induction: fc.constantFrom('previous-turns' as const, 'current-message' as const),
      cases: size(200),
      candidates: size(6),
      verdicts: size(5),
      checklistItems: size(20),
      induced: fc.boolean(),
    });
    fc.assert(
      fc.property(options, (sizes) => {
        const estimate = estimateRun({ ...sizes, model: 'm', prices });
        for (const stage of ['personas', 'conversations', 'evaluation', 'total'] as const) {
          const { low, expected, high } = estimate[stage];
          for (const [less, more] of [
            [low, expected],
            [expected, high],
          ] as const) {
            expect(less.calls).toBeLessThanOrEqual(more.calls);
            expect(less.usage.inputTokens).toBeLessThanOrEqual(more.usage.inputTokens);
            expect(less.usage.outputTokens).toBeLessThanOrEqual(more.usage.outputTokens);
            expect(less.usd!).toBeLessThanOrEqual(more.usd!);
          }
          expect(expected.usage.cachedInputTokens).toBeLessThanOrEqual(expected.usage.inputTokens);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('grows faster than its turns, since every call carries the conversation so far', () => {
    const input = (turns: number) => estimateRun({ turns }).conversations.expected.usage.inputTokens;
    expect(input(20)).toBeGreaterThan(2.2 * input(10));
  });

  test('expects cached input only from the size on at which providers cache', () => {
    const share = (turns: number) => {
      const { inputTokens, cachedInputTokens } = estimateRun({ turns }).conversations.expected.usage;
      return cachedInputTokens / inputTokens;
    };
    expect(share(2)).toBe(0);
    expect(share(20)).toBeGreaterThan(0.4);
  });

  test('leaves out what is there already', () => {
    const { personas, evaluation, total, conversations } = estimateRun({
      profiles: 20,
      personalities: 12,
      cases: 0,
    });
    expect([personas.high.calls, evaluation.high.calls]).toEqual([0, 0]);
    expect(total).toEqual({
      ...conversations,
      low: { ...conversations.low },
      expected: conversations.expected,
    });
    expect(personas.expected.usd).toBe(0);
  });

  test('takes lengths that a small run showed', () => {
    const output = (lengths: object) => estimateRun({ lengths }).conversations.expected.usage.outputTokens;
    expect(output({ response: 200 })).toBeGreaterThan(2 * output({}));
  });

  test('has dollars by the prices of the models that are called, and none where one is missing', () => {
    const prices = {
      big: { input: 10, output: 30 },
      small: { input: 0.1, output: 0.2 },
      free: { input: 0, output: 0 },
    };
    const usd = (options: object) => {
      const { conversations, total } = estimateRun({ prices, ...options });
      return [conversations.expected.usd, total.expected.usd];
    };
    expect(usd({})).toEqual([null, null]);
    expect(usd({ model: 'unheard-of' })).toEqual([null, null]);
    expect(usd({ model: 'constructor' })).toEqual([null, null]);
    expect(usd({ model: 'free' })).toEqual([0, 0]);
    const [big] = usd({ model: 'big' });
    const [mixed, all] = usd({ model: { id: 'big' }, roles: { inducer: 'small', candidate: 'unheard-of' } });
    expect(mixed).toBeGreaterThan(0);
    expect(mixed!).toBeLessThan(big!);
    expect(all).toBeNull();
    const { calls, usage } = estimateRun({ conversations: 0, cases: 0 }).personas.expected;
    expect(calls).toBeGreaterThan(0);
    expect(estimateRun({ conversations: 0, cases: 0, model: 'big', prices }).total.expected.usd).toBeCloseTo(
      (usage.inputTokens * 10 + usage.outputTokens * 30) / 1e6,
      9,
    );
  });

  test.each([
    ['turns', { turns: 0 }],
    ['conversations', { conversations: -1 }],
    ['cases', { cases: 1.5 }],
    ['depth', { depth: 11 }],
    ['induction', { induction: 'never' as never }],
    ['lengths.response', { lengths: { response: 0 } }],
    ['prices.x.input', { prices: { x: { input: -1, output: 1 } } }],
  ])('refuses a wrong %s', (option, options) => {
    expect(() => estimateRun(options)).toThrow(`Option "${option}"`);
  });

  test('reads as a table of the stages that have calls, with what it rests on', () => {
    const options = { profiles: 0, personalities: 0, conversations: 100, turns: 10, cases: 10 };
    const lines = describeEstimate(estimateRun(options)).split('\n');
    expect(lines[0]).toBe('| stage | calls | tokens in | of them cached | tokens out | dollars |');
    expect(lines.slice(2, 5).map((line) => line.split(' | ')[0])).toEqual([
      '| conversations',
      '| evaluation',
      '| total',
    ]);
    expect(lines[2]).toMatch(
      /^\| conversations \| 4\.0k \(3\.6k to 4\.3k\) \| .*M \(.*M to .*M\) \| \d+ % \| .*k \(.*k to .*k\) \| unknown \|$/,
    );
    expect(lines.filter((line) => line.startsWith('- '))).toEqual(
      estimateRun(options).assumptions.map((assumption) => `- ${assumption}`),
    );
  });
});
