import type { Side, TurnNode } from '../../conversations/conversation-tree.ts';
import { turnNodes } from '../../conversations/turn-nodes.ts';
import { element } from '../../page/browser/dom.ts';
import { followedOf } from './tree-choices.ts';

/** Pixels from turn to turn, and from branch to branch. */
const STEP = 34;
const ROW = 26;
const SVG = 'http://www.w3.org/2000/svg';

/** A turn in the drawing. */
interface Spot {
  readonly node: TurnNode;
  /** The responses that lead to it. */
  readonly path: readonly Side[];
  /** Counted in rows, from the top. */
  readonly row: number;
  readonly children: readonly Spot[];
}

export interface TreeMap {
  readonly drawing: HTMLElement;
  /** Marks the turns that are shown, down to the last one. */
  mark(path: readonly Side[]): void;
}

/** Draws a tree from left to right, a column per turn and a row per branch. A click on a turn shows its branch. */
export function treeMap(root: TurnNode, onChoose: (path: readonly Side[]) => void): TreeMap {
  const { spots, rows } = layOut(root);
  const columns = Math.max(...spots.map(({ path }) => path.length)) + 1;
  const lines = document.createElementNS(SVG, 'svg');
  lines.setAttribute('width', String(columns * STEP));
  lines.setAttribute('height', String(rows * ROW));
  lines.setAttribute('aria-hidden', 'true');
  const edges = spots.flatMap((spot) =>
    spot.children.map((child) => ({ child, line: lines.appendChild(edge(spot, child)) })),
  );
  const buttons = spots.map((spot) => ({ spot, button: turnButton(spot, onChoose) }));
  const drawing = element(
    'div',
    { class: 'tree-map', role: 'group', 'aria-label': 'All turns of this conversation' },
    lines,
    buttons.map(({ button }) => button),
  );
  return {
    drawing,
    mark(path) {
      for (const { child, line } of edges) line.classList.toggle('shown', isOn(child, path));
      for (const { spot, button } of buttons) button.setAttribute('aria-pressed', String(isOn(spot, path)));
    },
  };
}

/** Whether a conversation goes on from both responses somewhere. */
export function hasBranches(root: TurnNode): boolean {
  return [...turnNodes(root)].some((node) => followedOf(node).length > 1);
}

function layOut(root: TurnNode): { readonly spots: readonly Spot[]; readonly rows: number } {
  const spots: Spot[] = [];
  let rows = 0;
  function place(node: TurnNode, path: readonly Side[]): Spot {
    const children = followedOf(node).map((side) => place(node[side].next!, [...path, side]));
    const own = children.length === 0 ? rows++ : mean(children.map(({ row }) => row));
    const spot = { node, path, row: own, children };
    spots.push(spot);
    return spot;
  }
  place(root, []);
  return { spots: spots.toSorted((a, b) => a.path.length - b.path.length || a.row - b.row), rows };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Leaves its turn upwards or downwards at once, so that branches do not cross the turns between. */
function edge(from: Spot, to: Spot): SVGPathElement {
  const [x, y] = middle(from);
  const [endX, endY] = middle(to);
  const bend = x + STEP / 2;
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', `M${x} ${y} C${bend} ${y} ${bend} ${endY} ${endX} ${endY}`);
  line.setAttribute('class', to.path.at(-1)!);
  return line;
}

function middle({ path, row }: Spot): readonly [number, number] {
  return [(path.length + 0.5) * STEP, (row + 0.5) * ROW];
}

function turnButton(spot: Spot, onChoose: (path: readonly Side[]) => void): HTMLButtonElement {
  const { node, path } = spot;
  const way = path.length === 0 ? '' : `, after ${path.join(', ')}`;
  const name = `Turn ${node.turn}${way}`;
  const button = element(
    'button',
    { type: 'button', 'aria-label': name, title: name, 'aria-pressed': 'false' },
    String(node.turn),
  );
  const [x, y] = middle(spot);
  button.style.left = `${x}px`;
  button.style.top = `${y}px`;
  button.addEventListener('click', () => onChoose(path));
  return button;
}

function isOn({ path }: Spot, shown: readonly Side[]): boolean {
  return path.length <= shown.length && path.every((side, index) => side === shown[index]);
}
