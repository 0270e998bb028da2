import { element } from '../../page/browser/dom.ts';
import type { Statement } from '../../personas/persona.ts';

/** The whole persona given to the simulated user, collapsed at first. */
export function personaPanel(statements: readonly Statement[]): HTMLElement {
  return element(
    'details',
    { class: 'persona' },
    element('summary', {}, `Persona: ${statements.length} facts and traits`),
    element(
      'ul',
      { class: 'statements' },
      statements.map((statement) => statementItem(statement, false)),
    ),
  );
}

/**
 * Statements revealed so far, with those new at this turn marked. Null if revelation was not measured.
 *
 * @param heading Says what the statements are.
 */
export function revealedPanel(
  statements: readonly Statement[],
  revealed: readonly string[] | undefined,
  before: readonly string[],
  heading = 'Revealed so far',
): HTMLElement | null {
  if (revealed === undefined) return null;
  const count = `${heading}: ${revealed.length} of ${statements.length}`;
  if (revealed.length === 0) return element('p', { class: 'revealed none' }, count);
  const known = new Map(statements.map((statement) => [statement.id, statement]));
  const items = revealed.map((id) => statementItem(known.get(id) ?? { id, text: '' }, !before.includes(id)));
  const fresh = revealed.filter((id) => !before.includes(id)).length;
  return element(
    'details',
    { class: 'revealed', open: fresh > 0 ? '' : null },
    element('summary', {}, fresh > 0 ? `${count}, ${fresh} new` : count),
    element('ul', { class: 'statements' }, items),
  );
}

/** The statements that a judge names. Null if it names none. */
export function namedStatements(
  heading: string,
  ids: readonly string[] = [],
  statements: readonly Statement[],
): HTMLElement | null {
  const named = statements.filter(({ id }) => ids.includes(id));
  if (named.length === 0) return null;
  const items = named.map((statement) => statementItem(statement, false));
  return element('div', {}, `${heading}:`, element('ul', { class: 'statements' }, items));
}

function statementItem({ id, text }: Statement, isNew: boolean): HTMLElement {
  return element(
    'li',
    isNew ? { class: 'new' } : {},
    element('span', { class: 'statement-id' }, id),
    element('span', { dir: 'auto' }, text),
    isNew ? element('span', { class: 'new-mark' }, 'new') : null,
  );
}
