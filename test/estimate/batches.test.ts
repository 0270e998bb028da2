import { expect, test } from 'vitest';
import { aloeCases } from '../../src/benchmark/aloe-cases.ts';
import { ruleCases } from '../../src/benchmark/rule-cases.ts';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { estimateRun } from '../../src/estimate/estimate-run.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { ruleJudge } from '../../src/evaluation/judges/rule-judge.ts';
import type { ChatModel } from '../../src/models/chat-model.ts';
import { pairPersona } from '../../src/personas/persona.ts';
import { seedPersonalities } from '../../src/personas/seed-personalities.ts';
import { seedProfiles } from '../../src/personas/seed-profiles.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { instantBatches } from '../models/batch/instant-batches.ts';
import { counting } from './counting-model.ts';

const people = seedProfiles
  .slice(0, 24)
  .map((profile, index) => pairPersona(profile, seedPersonalities[index % seedPersonalities.length]!));

test('conversations take about as many batches as estimated, whatever their number, at half the price', async () => {
  const live = counting('tiny');
  const { model, batches } = instantBatches(live);
  const prices = { tiny: { input: 1, output: 1 } };
  const plan = (roles: ChatModel) => ({ conversations: { roles, turns: 2, personas: people }, prices });
  const { conversations } = await estimateRun(plan(model));
  const full = await estimateRun(plan(live));
  expect(full.conversations.typical.rounds).toBe(0);
  expect(conversations.typical.usd).toBeCloseTo(full.conversations.typical.usd! / 2, 10);
  const run = memoryRun({ seed: 3 });
  await Array.fromAsync(new ConversationTreeBuilder({ run, roles: model, turns: 2 }).build(people));
  expect(batches.length).toBeGreaterThanOrEqual(conversations.low.rounds);
  expect(batches.length).toBeLessThanOrEqual(conversations.high.rounds + 1);
  expect(batches[0]).toHaveLength(people.length);
  await run.close();
});

test('a judge alone in batches takes one batch a turn', async () => {
  const live = counting('tiny');
  const { evaluation } = await estimateRun({
    evaluation: {
      user: live,
      judge: instantBatches(live).model,
      cases: aloeCases().slice(0, 4),
      turns: 3,
      candidates: [live],
    },
  });
  expect(evaluation.typical.rounds).toBe(3);
});

test('an evaluation whose candidate answers in batches plays all its cases at once', async () => {
  const live = counting('tiny');
  const { model, batches } = instantBatches(live);
  const evaluator = new AloeEvaluator({
    run: memoryRun({ seed: 3, concurrency: 2 }),
    user: live,
    judge: ruleJudge(),
    cases: ruleCases(aloeCases()).slice(0, 12),
    turns: 1,
  });
  await evaluator.evaluate(model);
  expect(batches.map((rows) => rows.length)).toEqual([12]);
});
