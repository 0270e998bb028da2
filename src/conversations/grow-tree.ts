import { checkNumber } from '../internal/options.ts';
import { childSeed, seededRandom } from '../internal/random.ts';
import { assistant } from '../messages.ts';
import { branchWork, unlessEnded } from './branch-work.ts';
import type { BranchWorth } from './branching/branching.ts';
import { type BranchStart, growBranches, pathOf } from './branching/grow-branches.ts';
import type { ContinuationPolicy } from './continuation.ts';
import type { ConversationFailure, ResponseNode, Side, TurnNode } from './conversation-tree.ts';
import { sortFailures } from './failures.ts';
import { type Branch, type PlayedTurn, placeOf, playTurn, type TurnSetting } from './play-turn.ts';
import { type AskedMessage, failedMessage } from './user-checks/user-check-rates.ts';

export interface GrowTreeOptions extends TurnSetting {
  readonly turns: number;
  readonly continuation: ContinuationPolicy;
  /** Calls for branches that go back to a response. 0 for none. */
  readonly branchCalls: number;
  readonly branchWorth: BranchWorth;
  /** Calls of this conversation so far, replayed ones included. */
  readonly callsSoFar: () => number;
  readonly onTurn: (turn: TurnNode) => void;
}

export interface GrownTree {
  readonly root: TurnNode | null;
  readonly failures: readonly ConversationFailure[];
  /** All user messages, also those that were never completed or got no response. */
  readonly asked: readonly AskedMessage[];
}

/**
 * Plays a whole conversation with one persona: every branch to its last turn, or as far as it can go.
 *
 * @throws Errors that would affect every conversation, once all calls in flight have finished. On abort, the signal's
 * reason.
 */
export async function growTree(options: GrowTreeOptions): Promise<GrownTree> {
  const { id, persona, task, turns, seedFor, signal } = options;
  const work = branchWork(signal);
  const written: AskedMessage[] = [];
  const tried = new Set<string>();

  async function grow(branch: Branch): Promise<TurnNode | null> {
    const played = await unlessEnded(playTurn(branch, options, work, (message) => written.push(message)));
    if (played === null) return null;
    const { turn } = played;
    options.onTurn(turn);
    if (branch.turn === turns) return turn;
    const random = seededRandom(childSeed(seedFor(placeOf(id, branch, 'continuation')), 'continuation'));
    const sides = options.continuation({ turn: branch.turn, path: branch.path, random });
    const [preferred, rejected] = await work.both(
      sides.includes('preferred') ? follow(branch, played, 'preferred') : turn.preferred,
      sides.includes('rejected') ? follow(branch, played, 'rejected') : turn.rejected,
    );
    return { ...turn, preferred, rejected };
  }

  async function follow(
    branch: Branch,
    { turn, conversation }: PlayedTurn,
    side: Side,
  ): Promise<ResponseNode> {
    const next = await growFrom({ point: { node: turn, conversation, path: branch.path }, side });
    return next === null ? turn[side] : { ...turn[side], next };
  }

  /** What follows a response. */
  function growFrom(branch: BranchStart): Promise<TurnNode | null> {
    const { node, conversation } = branch.point;
    const path = pathOf(branch);
    tried.add(path.join());
    return grow({
      turn: node.turn + 1,
      path,
      history: [...conversation, assistant(node[branch.side].text)],
      revealed: node.revealed,
    });
  }

  async function worthOf(branch: BranchStart): Promise<number> {
    const judged = work.asRole(branch.point.node.turn, 'judge', async () =>
      options.branchWorth({ ...branch, conversationId: id, persona, task }, signal),
    );
    const worth = judged.then((given) => checkNumber('what branchWorth returns', given));
    return (await unlessEnded(worth)) ?? 0;
  }

  const trunk = await grow({ turn: 1, path: [], history: [], revealed: [] });
  const root =
    trunk === null || options.branchCalls === 0
      ? trunk
      : await growBranches(trunk, {
          ...options,
          isTried: (path) => tried.has(path.join()),
          worthOf,
          play: growFrom,
        });
  const unwritten = work.failures.filter(({ role }) => role === 'role-player').map(failedMessage);
  return { root, failures: sortFailures(work.failures), asked: [...written, ...unwritten] };
}
