import { expect, test } from 'vitest';
import type { OpenBranch } from '../../src/conversations/branching/branching.ts';
import { decisionPoints } from '../../src/conversations/conversation-tree.ts';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';
import { verifyPairs } from '../../src/verification/verify-pairs.ts';
import { whereJudgeIsUnsure } from '../../src/verification/where-judge-is-unsure.ts';
import { beekeeper, cast } from '../conversations/fakes.ts';
import { pairOf } from './biased-judge.ts';

const choice = (better: string, by: number) => JSON.stringify({ rationale: 'Because.', better, by });

/** Sure of turn 1, less so of turn 2, contradicts itself about turn 3. */
const judge = () =>
  scriptedModel((_request, { place }) => {
    const first = place?.role === 'pair-judge-1';
    if (place?.turn === 3) return choice('A', 3);
    return choice(first ? 'A' : 'B', place?.turn === 1 ? 3 : 1);
  });

test.each([
  [4, [3]],
  [12, [2, 3]],
  [100, [2, 3]],
])('branches begin where the judge is least sure, with %i calls at turns %j', async (branchCalls, turns) => {
  const run = memoryRun({ seed: 1 });
  const unsure = judge();
  const builder = new ConversationTreeBuilder({
    run,
    roles: cast(),
    turns: 4,
    branchCalls,
    branchWorth: whereJudgeIsUnsure({ run, judge: unsure }),
  });
  const [tree] = await Array.fromAsync(builder.build([beekeeper()]));
  const forks = Array.from(decisionPoints(tree!))
    .filter(({ node }) => node.preferred.next !== undefined && node.rejected.next !== undefined)
    .map(({ node }) => node.turn);
  expect([...new Set(forks)].sort()).toEqual(turns);
  expect(forks).not.toContain(1);
});

test.each([
  ['sure, and by far', choice('A', 3), choice('B', 3), 0],
  ['sure, the other way round', choice('B', 3), choice('A', 3), 0],
  ['sure, but by little', choice('A', 1), choice('B', 2), 0.5],
  ['of two minds, more strongly in one order', choice('A', 3), choice('A', 1), 1],
  ['equal in both', choice('equal', 0), choice('equal', 0), 1],
])('a turn is worth what a judge leaves open: %s', async (_name, first, second, worth) => {
  const undecided = scriptedModel((_request, { place }) => (place?.role === 'pair-judge-1' ? first : second));
  const worthOf = whereJudgeIsUnsure({ run: memoryRun(), judge: undecided });
  const tree = pairOf(1, true);
  const [point] = [...decisionPoints(tree)];
  const branch = { conversationId: tree.id, persona: tree.persona, point: point! } as OpenBranch;
  expect(await worthOf(branch, new AbortController().signal)).toBe(worth);
});

test('verification finds the verdicts in the run', async () => {
  const run = memoryRun({ seed: 1 });
  const unsure = judge();
  const branchWorth = whereJudgeIsUnsure({ run, judge: unsure });
  const builder = new ConversationTreeBuilder({ run, roles: cast(), turns: 3, branchCalls: 4, branchWorth });
  const trees = await Array.fromAsync(builder.build([beekeeper()]));
  const asked = unsure.calls.length;
  expect(asked).toBe(4);
  const [verified] = await Array.fromAsync(verifyPairs(trees, { run, judge: unsure }));
  expect(verified!.root!.verdict!.winner).toBe('preferred');
  // Only the last turns, from which nothing can follow.
  const last = [...decisionPoints(verified!)].filter(({ node }) => node.turn === 3).length;
  expect(unsure.calls.length - asked).toBe(2 * last);
});
