import type { Side, TurnNode } from '../../conversations/conversation-tree.ts';
import { SIDES } from '../../conversations/side.ts';

/** Which response is followed at each turn that continues from both. */
export class Choices {
  readonly #root: TurnNode;
  readonly #sides = new Map<string, Side>();
  onChange: () => void = () => {};

  constructor(root: TurnNode) {
    this.#root = root;
  }

  /** The response to follow from a turn, if any. */
  at(node: TurnNode, path: readonly Side[]): Side | undefined {
    const followed = followedOf(node);
    const chosen = this.#sides.get(path.join());
    return chosen !== undefined && followed.includes(chosen) ? chosen : followed[0];
  }

  /** Follows the responses that lead to a turn. */
  choose(path: readonly Side[]): void {
    for (const [index, side] of path.entries()) this.#sides.set(path.slice(0, index).join(), side);
    this.onChange();
  }

  /** All responses that are followed, down to the last turn. */
  path(): Side[] {
    const path: Side[] = [];
    for (let node: TurnNode | undefined = this.#root; node !== undefined; ) {
      const side = this.at(node, path);
      if (side === undefined) break;
      node = node[side].next;
      path.push(side);
    }
    return path;
  }
}

/** The responses that a turn continues from. */
export function followedOf(node: TurnNode): Side[] {
  return SIDES.filter((side) => node[side].next !== undefined);
}
