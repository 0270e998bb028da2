import type { Judgement } from '../../evaluation/judge.ts';
import { element } from '../../page/browser/dom.ts';
import type { Statement } from '../../personas/persona.ts';
import { writtenText } from './long-text.ts';
import { isSilence, scoreBadge } from './scores.ts';
import { namedStatements } from './statements.ts';

/**
 * What stands behind a score. Null if nothing does. Without the statements of the persona, those that the judge names are
 * not shown.
 */
export function judgementView(
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
