import type { EvaluatedTurn } from '../../evaluation/evaluated-case.ts';
import { counted } from '../../internal/format.ts';
import { element } from '../../page/browser/dom.ts';
import type { Statement } from '../../personas/persona.ts';
import { countWords } from '../../personas/rules/text-features.ts';
import type { PlayedConversation } from '../page-data.ts';
import { checksNote } from './checks-note.ts';
import { copyButtons } from './copy-buttons.ts';
import { failureNote } from './failure-note.ts';
import { judgementView } from './judgement-view.ts';
import { changeAt, changeNote, statementsAt } from './played-view.ts';
import { said } from './said.ts';
import { scoreBadge, signedScore } from './scores.ts';
import { personaPanel } from './statements.ts';
import { comparedMarkdown } from './transcript.ts';

/** A candidate's conversation in a comparison. */
export interface Compared {
  readonly name: string;
  readonly conversation: PlayedConversation;
}

/** Two conversations with the same user, turn by turn. What the user wrote to both is shown once. */
export function compareView(
  sides: readonly [Compared, Compared],
  personas: readonly (readonly Statement[])[],
): HTMLElement[] {
  const [{ conversation: first }] = sides;
  const turns = Math.max(...sides.map(({ conversation }) => conversation.turns.length));
  const failed = sides.filter(({ conversation }) => conversation.failure !== undefined);
  return [
    personaPanel(personas[first.persona] ?? []),
    ...Array.from({ length: turns }, (_, index) => {
      const change = changeAt(first, index + 1);
      const statements = statementsAt(first, index + 1, personas);
      return [
        ...(change === undefined ? [] : changeNote(change.note, statements)),
        turnView(sides, index, statements),
      ];
    }).flat(),
    ...failed.map(({ name, conversation }) =>
      element('div', {}, element('h4', {}, element('bdi', {}, name)), failureNote(conversation.failure!)),
    ),
  ];
}

function turnView(
  sides: readonly [Compared, Compared],
  index: number,
  statements: readonly Statement[],
): HTMLElement {
  const played = sides.map(({ conversation }) => conversation.turns[index]);
  const isShared = played[0]?.user === played[1]?.user;
  return element(
    'section',
    { class: 'turn', 'data-turn': String(index + 1) },
    element('h4', {}, `Turn ${index + 1}`, difference(played)),
    isShared ? userView(played[0]) : null,
    element(
      'div',
      { class: 'pair' },
      sides.map(({ name }, side) => sideView(name, played[side], statements, !isShared)),
    ),
    copyButtons(`turn ${index + 1} of both`, {
      Markdown: () =>
        comparedMarkdown(
          index + 1,
          sides.map(({ name }, side) => ({ name, played: played[side] })),
        ),
    }),
  );
}

function difference([one, other]: readonly (EvaluatedTurn | undefined)[]): HTMLElement | null {
  const [score, against] = [one?.judgement.score ?? null, other?.judgement.score ?? null];
  if (score === null || against === null) return null;
  return element('span', { class: 'difference' }, `difference ${signedScore(score - against)}`);
}

function sideView(
  name: string,
  played: EvaluatedTurn | undefined,
  statements: readonly Statement[],
  withUser: boolean,
): HTMLElement {
  const heading = element('bdi', {}, name);
  if (played === undefined) return element('div', {}, element('h5', {}, heading, 'not reached'));
  const { response, judgement } = played;
  return element(
    'div',
    { class: 'side' },
    withUser ? userView(played, element('span', {}, ' of ', element('bdi', {}, name))) : null,
    said(
      'response',
      [
        heading,
        scoreBadge(judgement.score, judgement.status),
        element('span', { class: 'fate' }, counted(countWords(response), 'word')),
      ],
      response,
    ),
    judgementView(judgement, statements),
  );
}

function userView(played: EvaluatedTurn | undefined, of: HTMLElement | null = null): HTMLElement | null {
  if (played === undefined) return null;
  return said('user', [element('span', {}, 'User', of), checksNote(played.checks)], played.user);
}
