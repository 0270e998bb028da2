import { element, find } from '../../page/browser/dom.ts';
import type { PageData } from '../page-data.ts';
import { type Address, readAddress, writeAddress } from './address.ts';
import { describeCompared } from './compare-note.ts';
import { type Entry, listEntries } from './entries.ts';
import { createEntryList } from './entry-list.ts';
import { createFilterForm } from './filter-form.ts';
import { listenToHeatMaps } from './heat-map-clicks.ts';
import { listenToKeys } from './keyboard.ts';
import { createReader } from './reader.ts';
import { type Listed, selectEntries } from './select-entries.ts';
import { listenToThemeToggle } from './theme-toggle.ts';

const REMEMBER_MS = 250;

listenToThemeToggle(find('theme-toggle', HTMLButtonElement));
if (document.getElementById('conversations') !== null) startReading();

function startReading(): void {
  const section = find('conversations', HTMLElement);
  const count = find('filter-count', HTMLElement);
  const warnings = find('compare-warnings', HTMLElement);
  const place = find('reader', HTMLElement);
  const box = find('entries', HTMLElement);
  const data = JSON.parse(find('report-data', HTMLScriptElement).textContent ?? '') as PageData;
  const entries = listEntries(data);
  const reader = createReader(place, data, entries);
  const form = createFilterForm(entries, () => {
    apply(current);
    remember();
  });
  const list = createEntryList(
    box,
    (listed) => {
      const isFirst = current === null;
      choose(listed);
      // Not for the first one, so that a reloaded page keeps its position.
      if (!isFirst) remember();
    },
    () => place.focus(),
  );
  let current: Entry | null = null;
  let remembering: ReturnType<typeof setTimeout> | undefined;

  function choose(listed: Listed): void {
    current = listed.entry;
    reader.show(listed, form.read().words);
  }

  /** Shows matching conversations. The wanted one stays open if it is among them. */
  function apply(wanted: Entry | null): void {
    const met = selectEntries(entries, form.read());
    const compared = describeCompared(met, data);
    const all = `${met.length} of ${entries.length} conversations`;
    count.textContent = compared.count === '' ? all : `${all}: ${compared.count}`;
    warnings.hidden = compared.warnings.length === 0;
    warnings.replaceChildren(...compared.warnings.map((each) => element('li', { dir: 'auto' }, each)));
    if (met.length === 0) reader.clear();
    list.show(
      met,
      Math.max(
        0,
        met.findIndex(({ entry }) => entry === wanted),
      ),
    );
  }

  /** Puts what is shown into the address, so that a link opens it again. Browsers allow that only a few times a second. */
  function remember(): void {
    clearTimeout(remembering);
    remembering = setTimeout(() => {
      const fields = form.fields();
      history.replaceState(null, '', writeAddress({ open: current?.index ?? null, fields }));
    }, REMEMBER_MS);
  }

  function open({ open: index, fields }: Address): void {
    form.set(fields);
    apply(index === null ? null : (entries[index] ?? null));
    section.scrollIntoView();
  }

  function openTurn(entry: Entry, turn: number): void {
    open({ open: entry.index, fields: {} });
    reader.show({ entry, turns: [turn], other: null, difference: null }, '');
  }

  listenToKeys(list, section);
  listenToHeatMaps(document.querySelectorAll<HTMLElement>('[data-candidate]'), entries, openTurn);
  // What the link said, not what a pause in typing has put there since.
  addEventListener('hashchange', ({ newURL }) => {
    clearTimeout(remembering);
    const address = readAddress(new URL(newURL).hash);
    if (address === null) return;
    // The link that was followed may be gone from the conversation, and the focus with it.
    const target = place.contains(document.activeElement) ? place : box;
    open(address);
    target.focus({ preventScroll: true });
  });

  const address = readAddress(location.hash);
  if (address === null || location.hash === '#conversations') apply(null);
  else open(address);
}
