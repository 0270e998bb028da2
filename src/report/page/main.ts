import { find } from '../../page/browser/dom.ts';
import type { PageData } from '../page-data.ts';
import { type Entry, listEntries } from './entries.ts';
import { createEntryList } from './entry-list.ts';
import { matchingTurns } from './filter.ts';
import { createFilterForm } from './filter-form.ts';
import { listenToHeatMaps } from './heat-map-clicks.ts';
import { listenToKeys } from './keyboard.ts';
import { createReader } from './reader.ts';
import { listenToThemeToggle } from './theme-toggle.ts';

listenToThemeToggle(find('theme-toggle', HTMLButtonElement));
if (document.getElementById('conversations') !== null) startReading();

function startReading(): void {
  const section = find('conversations', HTMLElement);
  const count = find('filter-count', HTMLElement);
  const data = JSON.parse(find('report-data', HTMLScriptElement).textContent ?? '') as PageData;
  const entries = listEntries(data);
  const reader = createReader(find('reader', HTMLElement), data, entries);
  const form = createFilterForm(entries, () => apply(current));
  const list = createEntryList(find('entries', HTMLElement), choose);
  let current: Entry | null = null;

  function choose(entry: Entry): void {
    const filter = form.read();
    reader.show(entry, matchingTurns(entry, filter) ?? [], filter.words);
    // Not for the first one, so that a reloaded page keeps its position.
    if (current !== null) history.replaceState(null, '', `#conversation-${entry.index}`);
    current = entry;
  }

  /** Shows matching conversations. The current one stays open if it is among them. */
  function apply(wanted: Entry | null): void {
    const filter = form.read();
    const met = entries.filter((entry) => matchingTurns(entry, filter) !== null);
    count.textContent = `${met.length} of ${entries.length} conversations`;
    if (met.length === 0) reader.clear();
    list.show(met, wanted);
  }

  function open(entry: Entry, turn: number | null): void {
    form.set({});
    apply(entry);
    section.scrollIntoView();
    if (turn !== null) reader.show(entry, [turn], '');
  }

  function addressed(): Entry | null {
    const index = /^#conversation-(\d+)$/.exec(location.hash)?.[1];
    return index === undefined ? null : (entries[Number(index)] ?? null);
  }

  listenToKeys(list, section);
  listenToHeatMaps(document.querySelectorAll<HTMLElement>('[data-candidate]'), entries, open);
  addEventListener('hashchange', () => {
    const entry = addressed();
    if (entry !== null) open(entry, null);
  });

  const first = addressed();
  apply(first);
  if (first !== null) section.scrollIntoView();
}
