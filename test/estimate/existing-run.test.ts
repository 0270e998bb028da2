import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aloeCases } from '../../src/benchmark/aloe-cases.ts';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { describeEstimate } from '../../src/estimate/describe-estimate.ts';
import { type EstimateOptions, estimateRun } from '../../src/estimate/estimate-run.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { holisticJudge } from '../../src/evaluation/judges/holistic-judge.ts';
import type { ChatModel } from '../../src/models/chat-model.ts';
import { PersonaPool } from '../../src/personas/persona-pool.ts';
import { memoryRun, openRun, type Run } from '../../src/runs/run.ts';
import { fakeEmbedder } from '../../src/testing/fake-embedder.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';
import { counting } from './counting-model.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-estimate-'));
});
afterEach(() => rm(dir, { recursive: true }));

interface Plan {
  readonly cases?: number;
  readonly turns?: number;
  readonly candidate?: ChatModel;
  readonly judge?: ChatModel;
}

function evaluation(
  run: Run,
  { cases = 6, turns = 3, candidate = counting(), judge = counting() }: Plan = {},
) {
  const options = {
    run,
    user: counting(),
    judge: holisticJudge(judge),
    cases: aloeCases().slice(0, cases),
    turns,
    otherPersona: false as const,
  };
  return { ...options, candidates: [{ name: 'mine', model: candidate }] };
}

async function evaluate(run: Run, plan: Plan = {}): Promise<void> {
  const { candidates, ...options } = evaluation(run, plan);
  await new AloeEvaluator(options).evaluate(candidates[0]!);
}

/** Estimates in one process, with a run that an earlier process left, and then does it. */
async function estimateAndDo(plan: Plan) {
  const run = await openRun(dir, { seed: 7 });
  const { total, roles, rebought } = await estimateRun({ evaluation: evaluation(run, plan) });
  expect(run.stats()).toMatchObject({ calls: 0, replayed: 0, rebought: 0 });
  await evaluate(run, plan);
  await run.close();
  return { total, roles, rebought, actual: run.stats() };
}

beforeEach(async () => {
  const run = await openRun(dir, { seed: 7 });
  await evaluate(run);
  await run.close();
});

test('a finished run has everything stored and nothing to buy, whatever the scenario', async () => {
  const { total, actual } = await estimateAndDo({});
  expect(actual.calls).toBe(0);
  for (const amount of Object.values(total)) {
    expect(amount).toMatchObject({ calls: 0, rebought: 0, stored: actual.replayed, usd: 0 });
  }
});

test('the answers of this process are stored ones too, also in memory', async () => {
  const run = memoryRun({ seed: 7 });
  expect((await estimateRun({ evaluation: evaluation(run) })).total.typical.stored).toBe(0);
  await evaluate(run);
  const { total } = await estimateRun({ evaluation: evaluation(run) });
  expect(total.typical).toMatchObject({ calls: 0, stored: run.stats().calls });
  await run.close();
  await expect(estimateRun({ evaluation: evaluation(run) })).rejects.toThrow('The run is closed.');
});

test('more cases are to be bought, and nothing else', async () => {
  const { total, actual } = await estimateAndDo({ cases: 9 });
  expect(total.typical.stored).toBe(actual.replayed);
  expect(total.typical.rebought).toBe(0);
  expect(actual.calls).toBeGreaterThan(20);
  expect(Math.abs(total.typical.calls / actual.calls - 1)).toBeLessThan(0.1);
});

test('more turns begin where the stored ones end', async () => {
  const { total, actual } = await estimateAndDo({ turns: 4 });
  expect(total.typical.stored).toBe(actual.replayed);
  expect(actual.replayed).toBeGreaterThan(50);
  expect(Math.abs(total.typical.calls / actual.calls - 1)).toBeLessThan(0.1);
});

test('another judge is bought again, and only the judge', async () => {
  const { total, roles, rebought, actual } = await estimateAndDo({ judge: counting('stricter') });
  expect(rebought).toEqual([{ role: 'judge', model: 'stricter', earlierModel: 'scripted', calls: 18 }]);
  expect(total.typical).toMatchObject({ calls: 18, rebought: 18, stored: actual.replayed });
  expect(roles.judge).toMatchObject({ calls: 18, stored: 0 });
  expect(roles.user).toMatchObject({ calls: 0 });
  expect(actual).toMatchObject({ calls: 18, rebought: 18 });
});

const retrained = scriptedModel(({ seed }) => `Other words each time, ${seed} of them.`, { id: 'retrained' });

test('another candidate under the same name is bought again, with what follows from its words', async () => {
  const { total, actual } = await estimateAndDo({ candidate: retrained });
  expect(total.typical.rebought).toBeGreaterThan(0);
  expect(total.typical.stored).toBe(actual.replayed);
  expect(Math.abs(total.typical.calls / actual.calls - 1)).toBeLessThan(0.1);
  expect(Math.abs(total.typical.rebought / actual.rebought - 1)).toBeLessThan(0.1);
});

test('growth is replayed, and its pool is what conversations are built for', async () => {
  const growth = {
    model: counting(),
    embedder: fakeEmbedder(),
    profiles: 24,
    personalities: 14,
    entriesPerCall: 2,
  };
  const grow = async (run: Run, profiles: number): Promise<EstimateOptions & { pool: PersonaPool }> => {
    const options = { ...growth, run, profiles };
    const pool = await PersonaPool.grow(options);
    const personas = pool.personas({ personalitiesPerProfile: 1 }).slice(-3);
    const conversations = { run, roles: counting(), turns: 2, personas };
    return { pool, growth: options, conversations };
  };
  const first = await openRun(dir, { seed: 7 });
  const { conversations } = await grow(first, 24);
  const { personas, ...options } = conversations!;
  await Array.fromAsync(new ConversationTreeBuilder(options).build(personas as never));
  const { calls } = first.stats();
  await first.close();

  const again = await openRun(dir, { seed: 7 });
  const plan = await grow(again, 24);
  const { total } = await estimateRun({
    growth: plan.growth,
    conversations: plan.conversations,
  });
  expect(total.typical).toMatchObject({ calls: 0, stored: calls });
  expect(describeEstimate({ total } as never)).toBe(
    `Estimate: all ${calls} calls are stored. Nothing to buy.`,
  );
  const warmer = await estimateRun({ growth: { ...plan.growth!, temperature: 1 } });
  expect(warmer.growth.typical.stored).toBe(0);
  expect(warmer.growth.typical.rebought).toBe(warmer.growth.typical.calls);
  const more = { ...plan.growth!, profiles: 40 };
  const estimate = await estimateRun({ growth: more });
  const { replayed } = again.stats();
  await PersonaPool.grow(more);
  // At least: where a new answer happens to be the old one, what follows is stored too.
  expect(estimate.growth.typical.stored).toBeGreaterThan(0);
  expect(estimate.growth.typical.stored).toBeLessThanOrEqual(again.stats().replayed - replayed);
  expect(estimate.growth.typical.calls).toBeGreaterThan(0);
  await again.close();
});
