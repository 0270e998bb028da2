import { type DecisionPoint, decisionPoints, type Side, type TurnNode } from '../conversation-tree.ts';
import { SIDES } from '../side.ts';
import { turnNodes } from '../turn-nodes.ts';
import type { OpenBranch } from './branching.ts';

/** A response to continue from, and its turn. */
export type BranchStart = Pick<OpenBranch, 'point' | 'side'>;

/** What {@link growBranches} needs. */
export interface BranchGrowth {
  /** Turns per branch. */
  readonly turns: number;
  /** Calls that all branches together may take. */
  readonly branchCalls: number;
  /** Calls of this conversation so far, replayed ones included. */
  readonly callsSoFar: () => number;
  readonly worthOf: (branch: BranchStart) => Promise<number>;
  /** Whether somebody has tried to continue from a response. One that failed is not tried again. */
  readonly isTried: (path: readonly Side[]) => boolean;
  /** Plays the branch that continues from a response to its end. Null if not even its first turn was completed. */
  readonly play: (branch: BranchStart) => Promise<TurnNode | null>;
}

/**
 * Goes back to responses that a conversation did not continue from, the one of most worth first, and plays each such branch
 * to its end while the calls last. Branches are played one after the other, because what is open depends on what was played.
 */
export async function growBranches(root: TurnNode, growth: BranchGrowth): Promise<TurnNode> {
  const { turns, branchCalls, callsSoFar, play } = growth;
  const before = callsSoFar();
  const perTurn = before / [...turnNodes(root)].length;
  const worths = new Map<string, number>();
  let grown = root;
  for (;;) {
    const branches = await openBranches(grown, growth, worths);
    const left = branchCalls - (callsSoFar() - before);
    const next = branches.find(({ point }) => (turns - point.node.turn) * perTurn <= left);
    if (next === undefined) return grown;
    const node = await play(next);
    if (node !== null) grown = attach(grown, pathOf(next), node);
  }
}

/** The branches that can be played, the one of most worth first. Of equal worth, the earlier turn, and parents first. */
async function openBranches(
  root: TurnNode,
  { turns, worthOf, isTried }: BranchGrowth,
  worths: Map<string, number>,
): Promise<BranchStart[]> {
  const open: { readonly branch: BranchStart; readonly worth: number }[] = [];
  for (const point of decisionPoints({ root })) {
    for (const branch of branchesOf(point)) {
      if (point.node.turn === turns || isTried(pathOf(branch))) continue;
      const key = pathOf(branch).join();
      const worth = worths.get(key) ?? (await worthOf(branch));
      worths.set(key, worth);
      if (worth > 0) open.push({ branch, worth });
    }
  }
  return open
    .sort((a, b) => b.worth - a.worth || a.branch.point.node.turn - b.branch.point.node.turn)
    .map(({ branch }) => branch);
}

function branchesOf(point: DecisionPoint): BranchStart[] {
  return SIDES.map((side) => ({ point, side }));
}

/** The sides taken to the first turn of a branch. */
export function pathOf({ point, side }: BranchStart): readonly Side[] {
  return [...point.path, side];
}

/** The tree with a branch at the end of a path. */
function attach(node: TurnNode, [side, ...rest]: readonly Side[], branch: TurnNode): TurnNode {
  const response = node[side!];
  const next = rest.length === 0 ? branch : attach(response.next!, rest, branch);
  return { ...node, [side!]: { ...response, next } };
}
