import { element, find } from '../../page/browser/dom.ts';
import { CORPUS, type Entry } from './entries.ts';
import { MISSING, pairStatus, USER_PROBLEM } from './filter.ts';
import { statusWords } from './scores.ts';
import type { Order, Selection } from './select-entries.ts';

/** The filter controls, with the values that occur in the conversations. */
export interface FilterForm {
  read(): Selection;
  /** The fields that are set, by name, for the address. */
  fields(): Record<string, string>;
  /** Sets the given fields and clears the others. */
  set(fields: Readonly<Record<string, string>>): void;
}

const LABEL_LENGTH = 60;

export function createFilterForm(entries: readonly Entry[], onChange: () => void): FilterForm {
  const form = find('filters', HTMLFormElement);
  const controls = [...form.elements].filter(
    (control) => control instanceof HTMLInputElement || control instanceof HTMLSelectElement,
  );
  const select = (id: string) => find(`filter-${id}`, HTMLSelectElement);
  const [order, against] = [select('order'), select('with')];
  fillChoices(entries, select);
  // On a phone they would push the conversations off the screen.
  if (matchMedia('(max-width: 48rem)').matches) form.querySelector('details')?.removeAttribute('open');

  form.addEventListener('input', ({ target }) => {
    // Whoever compares wants to see where the two differ.
    if (target === against) order.value = against.value === '' ? '' : 'gap';
    onChange();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  // Fields are reset only after the event.
  form.addEventListener('reset', () => setTimeout(onChange));

  const fields = () => Object.fromEntries(controls.map(({ name, value }) => [name, value]));
  return {
    fields,
    read() {
      const { words = '', ...chosen } = fields();
      const text = (name: string) => chosen[name] || null;
      const number = (name: string) => (chosen[name] ? Number(chosen[name]) : null);
      return {
        source: text('candidate'),
        against: text('with'),
        name: text('case'),
        profile: text('profile'),
        from: number('from'),
        to: number('to'),
        turn: number('turn'),
        status: text('show'),
        order: (text('order') ?? 'file') as Order,
        words,
      };
    },
    set(wanted) {
      for (const control of controls) control.value = wanted[control.name] ?? '';
      // A value that no option has leaves a select without any.
      for (const control of controls) if (control.value === '') control.value = '';
    },
  };
}

function fillChoices(entries: readonly Entry[], select: (id: string) => HTMLSelectElement): void {
  const turns = entries.flatMap((entry) => entry.turns);
  const sources = distinct(entries.map(({ source }) => source));
  const candidates = sources.filter((source) => source !== CORPUS);
  const names = new Map(entries.map(({ name, profile }) => [name, profile]));
  const profiles = distinct([...names.values()]);
  fill(select('source'), sources);
  fill(select('with'), candidates.length > 1 ? candidates : []);
  fill(select('name'), [...names.keys()], (name) => shorten(`${name}: ${names.get(name)}`));
  // Where each case has a profile of its own, the choice of a case is the choice of a profile.
  fill(select('profile'), profiles.length < names.size ? profiles : [], shorten);
  const scores = distinct(turns.flatMap(({ score }) => (score === null ? [] : [Math.round(score)])));
  for (const id of ['from', 'to']) fill(select(id), scores.toSorted((a, b) => a - b).map(String));
  fill(
    select('turn'),
    distinct(turns.map(({ turn }) => turn))
      .toSorted((a, b) => a - b)
      .map(String),
  );
  fill(
    select('status'),
    [
      ...(turns.some(({ status, score }) => status !== null && score === null) ? [MISSING] : []),
      ...(turns.some(({ userProblem }) => userProblem) ? [USER_PROBLEM] : []),
      ...distinct(turns.flatMap(({ status }) => status ?? [])),
      ...distinct(turns.flatMap(({ verdict }) => (verdict === undefined ? [] : pairStatus(verdict)))),
    ],
    statusWords,
  );
  if (candidates.length === 0) hide(select('order'));
}

/** A field with nothing to choose from is not shown. */
function fill(
  select: HTMLSelectElement,
  values: readonly string[],
  label: (value: string) => string = (value) => value,
): void {
  select.append(...values.map((value) => element('option', { value }, label(value))));
  if (values.length === 0) hide(select);
}

function hide(select: HTMLSelectElement): void {
  select.closest('label')?.setAttribute('hidden', '');
}

function shorten(text: string): string {
  return text.length > LABEL_LENGTH ? `${text.slice(0, LABEL_LENGTH).trimEnd()}…` : text;
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
