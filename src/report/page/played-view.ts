import type { EvaluatedTurn } from '../../evaluation/evaluated-case.ts';
import type { Judgement } from '../../evaluation/judge.ts';
import { element } from '../../page/browser/dom.ts';
import type { Statement } from '../../personas/persona.ts';
import type { PlayedConversation } from '../page-data.ts';
import { checksNote } from './checks-note.ts';
import { failureNote } from './failure-note.ts';
import { writtenText } from './long-text.ts';
import { probesView } from './probes-view.ts';
import { said } from './said.ts';
import { isSilence, scoreBadge } from './scores.ts';
import { namedStatements, personaPanel, revealedPanel } from './statements.ts';

/** A played and judged case, turn by turn. */
export function playedView(
  { persona, changes, otherCase, turns, probes, failure }: PlayedConversation,
  personas: readonly (readonly Statement[])[],
): HTMLElement[] {
  const statementsOf = (place: number) => personas[place] ?? [];
  return [
    personaPanel(statementsOf(persona)),
    ...turns.flatMap((played, index) => {
      const { turn } = played;
      const last = changes.findLast((change) => turn >= change.turn);
      const statements = statementsOf(last?.persona ?? persona);
      const isChange = turn === last?.turn;
      const before = isChange ? [] : (turns[index - 1]?.revealed ?? []);
      return [
        ...(isChange ? changeNote(last.note, statements) : []),
        turnView(played, statements, before, otherCase),
      ];
    }),
    ...(failure === undefined ? [] : [failureNote(failure)]),
    ...probesView(probes),
  ];
}

/** Marks the turn at which the user's persona changes. */
function changeNote(note: string, statements: readonly Statement[]): HTMLElement[] {
  return [element('p', { class: 'drift' }, note), personaPanel(statements)];
}

function turnView(
  played: EvaluatedTurn,
  statements: readonly Statement[],
  before: readonly string[],
  otherCase: string | undefined,
): HTMLElement {
  const { turn, user, checks, response, judgement, otherJudgement, revealed } = played;
  return element(
    'section',
    { class: 'turn', 'data-turn': String(turn) },
    element('h4', {}, `Turn ${turn}`),
    said('user', ['User', checksNote(checks)], user),
    revealedPanel(statements, revealed, before),
    said(
      'response',
      [
        'Response',
        scoreBadge(judgement.score, judgement.status),
        ...(otherJudgement === undefined
          ? []
          : ['for another persona', scoreBadge(otherJudgement.score, otherJudgement.status)]),
      ],
      response,
    ),
    judgementView(judgement, statements),
    otherView(otherJudgement, otherCase),
  );
}

/** Folded away: the judgement of the same response for another persona. */
function otherView(judgement: Judgement | undefined, otherCase: string | undefined): HTMLElement | null {
  const view = judgement === undefined ? null : judgementView(judgement);
  if (view === null) return null;
  const summary = element('summary', {}, 'For another persona: ', element('bdi', {}, otherCase ?? ''));
  return element('details', {}, summary, view);
}

/** Without the statements of the persona, those that the judge names are not shown. */
function judgementView(
  { status, rationale, aspects, honoured, violated, items, votes }: Judgement,
  statements: readonly Statement[] = [],
): HTMLElement | null {
  if (rationale === undefined && aspects === undefined && items === undefined && votes === undefined) {
    return null;
  }
  return element(
    'div',
    { class: 'judgement' },
    element('h5', {}, isSilence(status) ? 'No judge was asked' : 'Judge'),
    rationale === undefined ? null : writtenText(rationale),
    aspects === undefined
      ? null
      : element('p', {}, `Tone ${aspects.tone}, form ${aspects.form}, uptake ${aspects.uptake}`),
    namedStatements('Honours', honoured, statements),
    namedStatements('Violates', violated, statements),
    items === undefined ? null : element('ul', { class: 'checks' }, items.map(checkedItem)),
    votes === undefined ? null : votesTable(votes),
  );
}

function checkedItem({ item, met }: { readonly item: string; readonly met: boolean }): HTMLElement {
  return element(
    'li',
    { class: met ? 'met' : 'unmet' },
    element('span', { class: 'verdict' }, met ? 'yes' : 'no'),
    element('span', { dir: 'auto' }, item),
  );
}

function votesTable(votes: NonNullable<Judgement['votes']>): HTMLElement {
  const head = ['Vote', 'Score', 'Rationale'].map((name) => element('th', { scope: 'col' }, name));
  const rows = votes.map(({ judge, score, status, rationale }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row', dir: 'auto' }, judge),
      element('td', {}, scoreBadge(score, status)),
      element('td', {}, writtenText(rationale ?? '')),
    ),
  );
  return element(
    'table',
    { class: 'votes' },
    element('caption', { class: 'spoken' }, 'Individual votes'),
    element('thead', {}, element('tr', {}, head)),
    element('tbody', {}, rows),
  );
}
