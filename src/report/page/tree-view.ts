import type { Side, TurnNode } from '../../conversations/conversation-tree.ts';
import { element } from '../../page/browser/dom.ts';
import type { Statement } from '../../personas/persona.ts';
import type { TreeConversation } from '../page-data.ts';
import { checksNote } from './checks-note.ts';
import { failureNote } from './failure-note.ts';
import { said } from './said.ts';
import { personaPanel, revealedPanel } from './statements.ts';

const SIDES: readonly Side[] = ['preferred', 'rejected'];

/** A conversation of a corpus: preferred next to rejected at every turn, and which of them the user continued from. */
export function treeView(
  { persona, root, failures }: TreeConversation,
  personas: readonly (readonly Statement[])[],
): HTMLElement[] {
  const statements = personas[persona] ?? [];
  return [
    personaPanel(statements),
    ...(root === null ? [] : [branchView(root, statements, [])]),
    ...failures.map(failureNote),
  ];
}

/** A turn and what follows it. If both responses were continued, buttons switch between the branches. */
function branchView(
  node: TurnNode,
  statements: readonly Statement[],
  before: readonly string[],
): HTMLElement {
  const followed = SIDES.filter((side) => node[side].next !== undefined);
  const rest = element('div', {});
  const buttons = new Map<Side, HTMLButtonElement>();
  function follow(side: Side): void {
    const next = node[side].next;
    rest.replaceChildren(...(next === undefined ? [] : [branchView(next, statements, node.revealed)]));
    for (const [other, button] of buttons) button.setAttribute('aria-pressed', String(other === side));
  }
  if (followed.length > 1) {
    for (const side of followed) {
      const label = `Continue from the ${side} response`;
      const button = element('button', { type: 'button', class: 'quiet' }, label);
      button.addEventListener('click', () => follow(side));
      buttons.set(side, button);
    }
  }
  const [first] = followed;
  if (first !== undefined) follow(first);
  const responses = SIDES.map((side) => responseView(node, side, followed, buttons.get(side) ?? null));
  return element(
    'div',
    {},
    element(
      'section',
      { class: 'turn', 'data-turn': String(node.turn) },
      element('h4', {}, `Turn ${node.turn}`),
      said('user', ['User', checksNote(node.checks)], node.user),
      revealedPanel(statements, node.revealed, before),
      element('div', { class: 'pair' }, responses),
    ),
    rest,
  );
}

function responseView(
  node: TurnNode,
  side: Side,
  followed: readonly Side[],
  button: HTMLElement | null,
): HTMLElement {
  const { text, truncated } = node[side];
  return said(
    `response ${side}`,
    [
      side === 'preferred' ? 'Preferred' : 'Rejected',
      element('span', { class: 'fate' }, describeFate(side, followed)),
      truncated ? element('span', { class: 'fate' }, 'truncated at the token limit') : null,
    ],
    text,
    button,
  );
}

function describeFate(side: Side, followed: readonly Side[]): string {
  if (followed.length === 0) return 'last turn';
  if (!followed.includes(side)) return 'branch not taken';
  return followed.length === 1 ? 'the user continued from here' : 'continued';
}
