import type { DecisionPoint, Side } from '../conversations/conversation-tree.ts';
import { SIDES } from '../conversations/side.ts';

/** A decision point with another of the responses that were written for one side. */
export interface SiblingPoint {
  readonly point: DecisionPoint;
  /** The side whose response is another one. */
  readonly sibling: Side;
}

/**
 * The extra pairs of a decision point: the preferred response with each response of the rejected side that was not chosen, and
 * each such response of the preferred side with the rejected one. If both have a score, the preferred one must have the higher.
 */
export function* siblingPoints(point: DecisionPoint): Generator<SiblingPoint> {
  for (const sibling of SIDES) {
    for (const alternative of point.node[sibling].alternatives ?? []) {
      // A verdict is about the responses that were chosen.
      const node = { ...point.node, [sibling]: alternative, verdict: undefined };
      const { score: preferred = Infinity } = node.preferred;
      const { score: rejected = -Infinity } = node.rejected;
      if (preferred <= rejected) continue;
      yield { point: { ...point, node }, sibling };
    }
  }
}
