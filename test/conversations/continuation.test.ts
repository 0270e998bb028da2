import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { continueBoth } from '../../src/conversations/continuation.ts';
import {
  type ConversationTree,
  decisionPoints,
  type Side,
  type TurnNode,
} from '../../src/conversations/conversation-tree.ts';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { InvalidOptionError } from '../../src/errors.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { beekeeper, beekeepers, cast, delayed, turnsOf } from './fakes.ts';

function drawn(tree: ConversationTree): Side[] {
  return turnsOf(tree)
    .slice(0, -1)
    .map(({ preferred }) => (preferred.next === undefined ? 'rejected' : 'preferred'));
}

function leaves(node: TurnNode): number {
  const next = [node.preferred.next, node.rejected.next].filter((child) => child !== undefined);
  return next.length === 0 ? 1 : next.reduce((sum, child) => sum + leaves(child), 0);
}

describe('continuing from one response', () => {
  test('picks either side about equally often, at every turn', async () => {
    const builder = new ConversationTreeBuilder({ roles: cast(), turns: 5 });
    const trees = await Array.fromAsync(builder.build(beekeepers(100)));
    for (let turn = 0; turn < 4; turn++) {
      const preferred = trees.filter((tree) => drawn(tree)[turn] === 'preferred').length;
      expect(preferred).toBeGreaterThan(30);
      expect(preferred).toBeLessThan(70);
    }
    expect(new Set(trees.map((tree) => drawn(tree).join())).size).toBe(16);
  });

  test('picks the same sides for the same seed, whatever order calls finish in, and others for another seed', async () => {
    const play = async (seed: number, maxMs: number, concurrency: number) => {
      const builder = new ConversationTreeBuilder({
        run: memoryRun({ seed }),
        roles: delayed(cast(), maxMs),
        turns: 5,
        concurrency,
        order: 'input',
      });
      return Array.fromAsync(builder.build(beekeepers(12)));
    };
    const alone = await play(7, 0, 1);
    expect(JSON.stringify(await play(7, 4, 6))).toBe(JSON.stringify(alone));
    expect((await play(8, 0, 6)).map(drawn)).not.toEqual(alone.map(drawn));
  });
});

describe('continuing from both responses', () => {
  test.each([0, 1, 2, 3])('for %i turns gives two to that power of leaves', async (depth) => {
    const continuation = continueBoth({ depth });
    const builder = new ConversationTreeBuilder({ roles: cast(), turns: 5, continuation });
    const [tree] = await Array.fromAsync(builder.build([beekeeper()]));
    expect(leaves(tree!.root!)).toBe(2 ** depth);
    const points = [...decisionPoints(tree!)];
    expect(new Set(points.map(({ path }) => path.join())).size).toBe(points.length);
    // Branches are independent: no user message appears on two of them.
    expect(new Set(points.map(({ node }) => node.user)).size).toBe(points.length);
  });

  test('gives the same tree and the same failures, whichever branch is faster', async () => {
    const play = async (slow: string) => {
      const model = cast({
        async 'role-player'(_request, { place }) {
          const path = place?.subject.split(':')[1];
          await sleep(path?.startsWith(slow) ? 10 : 0);
          return place?.turn === 3 ? new Error(`no bees on ${path}`) : undefined;
        },
      });
      const continuation = continueBoth({ depth: 2 });
      const builder = new ConversationTreeBuilder({ roles: model, turns: 4, continuation });
      return Array.fromAsync(builder.build([beekeeper()]));
    };
    const [tree] = await play('p');
    expect(await play('r')).toEqual([tree]);
    expect(tree!.failures.map(({ message }) => message.slice(-2))).toEqual(['pp', 'pr', 'rp', 'rr']);
  });

  test.each([-1, 11, 1.5, Number.NaN])('rejects the depth %d', (depth) => {
    expect(() => continueBoth({ depth })).toThrow(InvalidOptionError);
  });
});

test('a custom policy is given turn and path, and may end a branch', async () => {
  const asked: string[] = [];
  const builder = new ConversationTreeBuilder({
    roles: cast(),
    turns: 9,
    continuation({ turn, path }) {
      asked.push(`${turn} ${path.join()}`);
      return turn < 3 ? ['rejected'] : [];
    },
  });
  const [tree] = await Array.fromAsync(builder.build([beekeeper()]));
  expect(asked).toEqual(['1 ', '2 rejected', '3 rejected,rejected']);
  expect(turnsOf(tree!)).toHaveLength(3);
  expect(tree!.failures).toEqual([]);
});
