import type { TurnNode } from './conversation-tree.ts';
import { SIDES } from './side.ts';

/** Every turn of a tree, parents before children, without the messages that led to it: see `decisionPoints` for those. */
export function* turnNodes(root: TurnNode | null): Generator<TurnNode> {
  // A list rather than recursion, which could overflow the stack.
  const ahead = root === null ? [] : [root];
  for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
    yield node;
    for (const side of SIDES.toReversed()) {
      const { next } = node[side];
      if (next !== undefined) ahead.push(next);
    }
  }
}
