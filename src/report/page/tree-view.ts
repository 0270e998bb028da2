import type { Side, TurnNode } from '../../conversations/conversation-tree.ts';
import { SIDES } from '../../conversations/side.ts';
import type { Message } from '../../messages.ts';
import { type Child, element } from '../../page/browser/dom.ts';
import type { Statement } from '../../personas/persona.ts';
import { describeTold } from '../describe-told.ts';
import type { TreeConversation } from '../page-data.ts';
import { alternativesView } from './alternatives-view.ts';
import { checksNote } from './checks-note.ts';
import { copyButtons } from './copy-buttons.ts';
import { failureNote } from './failure-note.ts';
import { lengthNote, note, responseNotes } from './response-notes.ts';
import { said } from './said.ts';
import { personaPanel, revealedPanel } from './statements.ts';
import { pairMarkdown, pairRow } from './transcript.ts';
import { Choices, followedOf } from './tree-choices.ts';
import { hasBranches, treeMap } from './tree-map.ts';
import { verdictView } from './verdict-view.ts';

const LEGEND =
  'Preferred: written by a model that was told what the user has revealed. Rejected: by one that was told nothing. Underlined: words that also stand in what was revealed.';
const MAP_LEGEND =
  'The whole conversation, turn by turn. A solid line continues from the preferred response, a dashed one from the rejected. Click a turn to read its branch.';
const TOLD = 'Revealed so far, and told to the preferred model alone';

/** The way to a turn. */
interface Way {
  readonly path: readonly Side[];
  readonly history: readonly Message[];
  /** Ids of the statements that were revealed before. */
  readonly revealed: readonly string[];
}

/** A conversation of a corpus: preferred next to rejected at every turn, and which of them the user continued from. */
export function treeView(
  { persona, models, root, failures }: TreeConversation,
  personas: readonly (readonly Statement[])[],
): HTMLElement[] {
  const statements = personas[persona] ?? [];
  return [
    element('p', { class: 'note' }, LEGEND, ' ', writers(models)),
    personaPanel(statements),
    ...(root === null ? [] : turnsView(root, statements)),
    ...failures.map(failureNote),
  ];
}

/** The models of both sides, named once if they are the same. */
function writers({ preferred, rejected }: TreeConversation['models']): Child[] {
  const name = (id: string) => element('bdi', {}, id);
  return preferred === rejected
    ? ['Model: ', name(preferred), ', for both.']
    : ['Models: ', name(preferred), ' for the preferred responses, ', name(rejected), ' for the rejected.'];
}

/** All turns of one way through the tree, below a drawing of the tree if there is more than one way. */
function turnsView(root: TurnNode, statements: readonly Statement[]): HTMLElement[] {
  const start = { path: [], history: [], revealed: [] };
  const choices = new Choices(root);
  if (!hasBranches(root)) return [branchView(root, statements, start, choices)];
  const turns = element('div', {});
  const map = treeMap(root, (path) => {
    choices.choose(path);
    turns.replaceChildren(branchView(root, statements, start, choices));
    turns.querySelector(`[data-turn="${path.length + 1}"]`)?.scrollIntoView({ block: 'nearest' });
  });
  choices.onChange = () => map.mark(choices.path());
  turns.append(branchView(root, statements, start, choices));
  choices.onChange();
  return [element('p', { class: 'note' }, MAP_LEGEND), map.drawing, turns];
}

/** A turn and what follows it. If both responses were continued, buttons switch between the branches. */
function branchView(
  node: TurnNode,
  statements: readonly Statement[],
  way: Way,
  choices: Choices,
): HTMLElement {
  const conversation: Message[] = [...way.history, { role: 'user', content: node.user }];
  const followed = followedOf(node);
  const rest = element('div', {});
  const buttons = new Map<Side, HTMLButtonElement>();
  function follow(side: Side): void {
    const { next, text } = node[side];
    const history: Message[] = [...conversation, { role: 'assistant', content: text }];
    const ahead = { path: [...way.path, side], history, revealed: node.revealed };
    rest.replaceChildren(...(next === undefined ? [] : [branchView(next, statements, ahead, choices)]));
    for (const [other, button] of buttons) button.setAttribute('aria-pressed', String(other === side));
  }
  if (followed.length > 1) {
    for (const side of followed) {
      const label = `Continue from the ${side} response`;
      const button = element('button', { type: 'button', class: 'quiet' }, label);
      button.addEventListener('click', () => {
        choices.choose([...way.path, side]);
        follow(side);
      });
      buttons.set(side, button);
    }
  }
  const chosen = choices.at(node, way.path);
  if (chosen !== undefined) follow(chosen);
  const isSame = node.preferred.text.trim() === node.rejected.text.trim();
  const known = statements.filter(({ id }) => node.revealed.includes(id)).map(({ text }) => text);
  return element(
    'div',
    {},
    element(
      'section',
      { class: 'turn', 'data-turn': String(node.turn) },
      element('h4', {}, `Turn ${node.turn}`),
      said('user', ['User', checksNote(node.checks)], node.user),
      isSame || node.revealed.length === 0 ? element('p', { class: 'note' }, describeTold(node)) : null,
      node.revealed.length === 0 ? null : revealedPanel(statements, node.revealed, way.revealed, TOLD),
      element(
        'div',
        { class: 'pair' },
        SIDES.map((side) => responseView(node, side, { followed, known, button: buttons.get(side) ?? null })),
      ),
      node.verdict === undefined ? null : verdictView(node.verdict),
      copyButtons(`the pair of turn ${node.turn}`, {
        'JSON for TRL': () => pairRow(conversation, node),
        Markdown: () => pairMarkdown(conversation, node),
      }),
    ),
    rest,
  );
}

interface Around {
  readonly followed: readonly Side[];
  /** What the user has revealed. */
  readonly known: readonly string[];
  readonly button: HTMLElement | null;
}

function responseView(node: TurnNode, side: Side, { followed, known, button }: Around): HTMLElement {
  const response = node[side];
  return said(
    `response ${side}`,
    [
      side === 'preferred' ? 'Preferred' : 'Rejected',
      lengthNote(response.text),
      note(describeFate(side, followed)),
      responseNotes(response),
    ],
    response.text,
    { below: [alternativesView(response.alternatives), button], echoes: known },
  );
}

function describeFate(side: Side, followed: readonly Side[]): string {
  if (followed.length === 0) return 'last turn';
  if (!followed.includes(side)) return 'branch not taken';
  return followed.length === 1 ? 'the user continued from here' : 'continued';
}
