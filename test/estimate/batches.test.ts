import { afterAll, beforeAll, expect, test } from 'vitest';
import { aloeCases } from '../../src/benchmark/aloe-cases.ts';
import { ruleCases } from '../../src/benchmark/rule-cases.ts';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { estimateRun } from '../../src/estimate/estimate-run.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { ruleJudge } from '../../src/evaluation/judges/rule-judge.ts';
import type { BatchProvider, BatchRow } from '../../src/models/batch/batch-provider.ts';
import { batched } from '../../src/models/batch/batched.ts';
import type { ChatModel, ChatRequest } from '../../src/models/chat-model.ts';
import type { CallPlace } from '../../src/models/place.ts';
import { pairPersona } from '../../src/personas/persona.ts';
import { seedPersonalities } from '../../src/personas/seed-personalities.ts';
import { seedProfiles } from '../../src/personas/seed-profiles.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { counting } from './counting-model.ts';

const people = seedProfiles
  .slice(0, 24)
  .map((profile, index) => pairPersona(profile, seedPersonalities[index % seedPersonalities.length]!));

/** What each request is for, which a provider is not told. */
const places = new WeakMap<ChatRequest, CallPlace | undefined>();

/** A provider that answers at once, with the batches it was given. */
function instantBatches(model: ChatModel): BatchProvider & { readonly batches: (readonly BatchRow[])[] } {
  const batches: (readonly BatchRow[])[] = [];
  return {
    name: 'instant',
    batches,
    maxRows: 50_000,
    maxBytes: 1e9,
    submit: async (_key, rows) => ({ id: String(batches.push(rows) - 1) }),
    find: async () => null,
    poll: async () => ({ state: 'completed', answered: null, reason: null }),
    async *results({ id }) {
      for (const row of batches[Number(id)]!)
        yield { id: row.id, response: await model.generate(row.request, { place: places.get(row.request) }) };
    },
    cancel: async () => {},
  };
}

let model: ChatModel;
let provider: ReturnType<typeof instantBatches>;
beforeAll(() => {
  model = counting('tiny');
  provider = instantBatches(model);
});
afterAll(() => {
  provider.batches.length = 0;
});

function inBatches(): ChatModel {
  const inner = batched(model, { provider, pollMs: 1, quietMs: 1_000 });
  return {
    ...inner,
    inBatches(host) {
      const hosted = inner.inBatches!(host);
      const generate: ChatModel['generate'] = (request, options) => {
        places.set(request, options?.place);
        return hosted.model.generate(request, options);
      };
      return { ...hosted, model: { ...hosted.model, generate } };
    },
  };
}

test('conversations take about as many batches as estimated, whatever their number, at half the price', async () => {
  const prices = { tiny: { input: 1, output: 1 } };
  const plan = (roles: ChatModel) => ({ conversations: { roles, turns: 2, personas: people }, prices });
  const { conversations } = await estimateRun(plan(inBatches()));
  const live = await estimateRun(plan(model));
  expect(live.conversations.typical.rounds).toBe(0);
  expect(conversations.typical.usd).toBeCloseTo(live.conversations.typical.usd! / 2, 10);
  const run = memoryRun({ seed: 3 });
  const builder = new ConversationTreeBuilder({ run, roles: inBatches(), turns: 2 });
  await Array.fromAsync(builder.build(people));
  expect(provider.batches.length).toBeGreaterThanOrEqual(conversations.low.rounds);
  expect(provider.batches.length).toBeLessThanOrEqual(conversations.high.rounds + 1);
  expect(provider.batches[0]).toHaveLength(people.length);
  await run.close();
});

test('a judge alone in batches takes one batch a turn at most', async () => {
  const { evaluation } = await estimateRun({
    evaluation: {
      user: model,
      judge: inBatches(),
      cases: aloeCases().slice(0, 4),
      turns: 3,
      candidates: [model],
    },
  });
  expect(evaluation.typical.rounds).toBeGreaterThan(0);
  expect(evaluation.typical.rounds).toBeLessThanOrEqual(3);
});

test('an evaluation whose candidate answers in batches plays all its cases at once', async () => {
  provider.batches.length = 0;
  const evaluator = new AloeEvaluator({
    run: memoryRun({ seed: 3, concurrency: 2 }),
    user: model,
    judge: ruleJudge(),
    cases: ruleCases(aloeCases()).slice(0, 12),
    turns: 1,
  });
  await evaluator.evaluate(inBatches());
  expect(provider.batches.map((rows) => rows.length)).toEqual([12]);
});
