import { element, find } from '../../page/browser/dom.ts';
import type { Entry } from './entries.ts';
import type { Filter } from './filter.ts';
import { statusWords } from './scores.ts';

/** The filter controls, with the values that occur in the conversations. */
export interface FilterForm {
  read(): Filter;
  /** Sets the given fields and clears the others. */
  set(filter: Partial<Pick<Filter, 'source' | 'name'>>): void;
}

export function createFilterForm(entries: readonly Entry[], onChange: () => void): FilterForm {
  const form = find('filters', HTMLFormElement);
  const [source, name, score, status] = ['source', 'name', 'score', 'status'].map((id) =>
    find(`filter-${id}`, HTMLSelectElement),
  ) as [HTMLSelectElement, HTMLSelectElement, HTMLSelectElement, HTMLSelectElement];
  const words = find('filter-words', HTMLInputElement);

  fill(source, distinct(entries.map((entry) => entry.source)));
  fill(name, distinct(entries.map((entry) => entry.name)));
  const turns = entries.flatMap((entry) => entry.turns);
  fill(
    score,
    distinct(turns.flatMap((turn) => (turn.score === null ? [] : [Math.round(turn.score)])))
      .toSorted((a, b) => a - b)
      .map(String),
  );
  fill(status, distinct(turns.flatMap((turn) => turn.status ?? [])), statusWords);

  form.addEventListener('input', onChange);
  form.addEventListener('submit', (event) => event.preventDefault());
  // Fields are reset only after the event.
  form.addEventListener('reset', () => setTimeout(onChange));

  return {
    read: () => ({
      source: source.value || null,
      name: name.value || null,
      score: score.value === '' ? null : Number(score.value),
      status: status.value || null,
      words: words.value,
    }),
    set(filter) {
      source.value = filter.source ?? '';
      name.value = filter.name ?? '';
      score.value = '';
      status.value = '';
      words.value = '';
    },
  };
}

function fill(
  select: HTMLSelectElement,
  values: readonly string[],
  label: (value: string) => string = (value) => value,
): void {
  select.append(...values.map((value) => element('option', { value }, label(value))));
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
