import { describe, expect, test } from 'vitest';
import { type BranchWorth, whereResponsesDiffer } from '../../src/conversations/branching/branching.ts';
import { continueBoth } from '../../src/conversations/continuation.ts';
import { type ConversationTree, decisionPoints } from '../../src/conversations/conversation-tree.ts';
import {
  ConversationTreeBuilder,
  type ConversationTreeBuilderOptions,
} from '../../src/conversations/conversation-tree-builder.ts';
import { InvalidOptionError, ModelCallError } from '../../src/errors.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { beekeeper, beekeepers, callsOf, cast, delayed } from './fakes.ts';

type Options = Omit<ConversationTreeBuilderOptions, 'roles'>;

async function build(options: Options, model = cast()): Promise<ConversationTree> {
  const builder = new ConversationTreeBuilder({ turns: 5, ...options, roles: model });
  const [tree] = await Array.fromAsync(builder.build([beekeeper()]));
  return tree!;
}

const pathsOf = (tree: ConversationTree) =>
  Array.from(decisionPoints(tree), ({ path }) => path.map(([letter]) => letter).join(''));

/** The paths of the branches that were played besides the plain conversation. */
async function branchesOf(options: Options): Promise<string[]> {
  const plain = pathsOf(await build({ turns: 5 }));
  return pathsOf(await build(options)).filter((path) => !plain.includes(path));
}

const turnOf: BranchWorth = ({ point }) => point.node.turn;

describe('branches that go back', () => {
  test.each([
    [0, 0],
    [3, 0],
    [4, 4],
    [7, 4],
    [16, 16],
    [100, 100],
  ])('with %i calls take %i', async (branchCalls, taken) => {
    const model = cast();
    const tree = await build({ branchCalls }, model);
    expect(model.calls).toHaveLength(20 + taken);
    expect([...decisionPoints(tree)]).toHaveLength(5 + taken / 4);
    expect(tree.failures).toEqual([]);
  });

  test('take more than one path through the whole tree, as long as the calls last', async () => {
    const tree = await build({ turns: 4, branchCalls: 10_000 });
    expect([...decisionPoints(tree)]).toHaveLength(1 + 2 + 4 + 8);
    expect(new Set(pathsOf(tree)).size).toBe(15);
  });

  test('go to the response of most worth first, and to the earlier turn where it is equal', async () => {
    const late = await branchesOf({ branchCalls: 4, branchWorth: turnOf });
    expect(late.map((path) => path.length)).toEqual([4]);
    const even = await branchesOf({ branchCalls: 16, branchWorth: () => 1 });
    expect(even.map((path) => path.length)).toEqual([1, 2, 3, 4]);
  });

  test('go to one that fits if the best would take too many calls', async () => {
    const early = await branchesOf({ branchCalls: 12, branchWorth: (branch) => 10 - branch.point.node.turn });
    expect(early.map((path) => path.length)).toEqual([2, 3, 4]);
  });

  test('leave out responses that are worth nothing', async () => {
    expect(await branchesOf({ branchCalls: 100, branchWorth: () => 0 })).toEqual([]);
    expect(await branchesOf({ branchCalls: 100, branchWorth: () => -1 })).toEqual([]);
  });

  test('do not change what was played without them', async () => {
    const plain = cast();
    await build({}, plain);
    const branching = cast();
    await build({ branchCalls: 40 }, branching);
    const asked = ({ calls }: typeof plain) => calls.map((call) => JSON.stringify(call.request));
    expect(asked(branching).slice(0, 20)).toEqual(asked(plain));
  });

  test('continue what the user revealed and heard on their way', async () => {
    const tree = await build({ branchCalls: 1_000, turns: 3 });
    for (const { node, conversation, path } of decisionPoints(tree)) {
      expect(node.turn).toBe(path.length + 1);
      expect(conversation).toHaveLength(2 * path.length + 1);
      expect(node.revealed.length).toBe(node.turn);
    }
  });

  test('are the same whatever order calls finish in', async () => {
    const play = async (maxMs: number, concurrency: number) => {
      const builder = new ConversationTreeBuilder({
        run: memoryRun({ seed: 3 }),
        roles: delayed(cast(), maxMs),
        turns: 4,
        branchCalls: 30,
        concurrency,
        order: 'input',
      });
      return JSON.stringify(await Array.fromAsync(builder.build(beekeepers(6))));
    };
    expect(await play(4, 6)).toBe(await play(0, 1));
  });

  test('count repeated attempts', async () => {
    let drafts = 0;
    const model = cast({
      'role-player': () => {
        drafts += 1;
        return drafts % 2 === 0 ? undefined : '';
      },
    });
    const tree = await build({ branchCalls: 16 }, model);
    expect(model.calls.length).toBeLessThanOrEqual(25 + 16);
    expect([...decisionPoints(tree)].length).toBeGreaterThan(5);
  });

  test('that fail are tried once, and reported', async () => {
    const plain = pathsOf(await build({}));
    const model = cast({
      'role-player': (_request, { place }) => {
        const path = place?.subject.split(':')[1] ?? '';
        return plain.includes(path) ? undefined : new ModelCallError('m', 'too long', { retryable: false });
      },
    });
    const tree = await build({ branchCalls: 100 }, model);
    expect([...decisionPoints(tree)]).toHaveLength(5);
    expect(tree.failures).toHaveLength(4);
    expect(callsOf(model, 'role-player')).toHaveLength(9);
  });

  test('may be chosen by a model; one that fails is reported and goes nowhere', async () => {
    const worth: BranchWorth = async ({ point }) => {
      if (point.node.turn === 2) throw new ModelCallError('judge', 'no reply', { retryable: false });
      return 1;
    };
    const tree = await build({ branchCalls: 100, branchWorth: worth, turns: 3 });
    expect(tree.failures.map(({ role }) => role)).toContain('judge');
    expect(pathsOf(tree).filter((path) => path.length === 2)).toHaveLength(2);
  });

  test('with a worth that is no number end the stream', async () => {
    await expect(build({ branchCalls: 9, branchWorth: () => Number.NaN })).rejects.toThrow(
      InvalidOptionError,
    );
    await expect(build({ branchCalls: -1 })).rejects.toThrow(InvalidOptionError);
  });

  test('fill up what a policy left open', async () => {
    const tree = await build({ turns: 3, branchCalls: 8, continuation: continueBoth({ depth: 1 }) });
    expect([...decisionPoints(tree)]).toHaveLength(5 + 2);
  });
});

describe('where responses differ', () => {
  const worth = async (preferred: string, rejected: string) => {
    const tree = await build({ turns: 1 }, cast({ preferred: () => preferred, rejected: () => rejected }));
    const [point] = decisionPoints(tree);
    const { id: conversationId, persona } = tree;
    return whereResponsesDiffer()(
      {
        point: point!,
        side: 'preferred',
        conversationId,
        persona,
        task: undefined,
      },
      new AbortController().signal,
    );
  };

  test('is the share of words that only one has', async () => {
    expect(await worth('Feed the bees.', 'feed THE bees!')).toBe(0);
    expect(await worth('Feed bees.', 'Sell tractors.')).toBe(1);
    expect(await worth('Feed bees sugar.', 'Feed bees water.')).toBe(0.5);
    expect(await worth('养蜂很好', '养蜂很难')).toBeGreaterThan(0);
    expect(await worth('!', '?')).toBe(0);
  });
});
