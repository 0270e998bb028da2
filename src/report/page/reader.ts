import { element } from '../../page/browser/dom.ts';
import type { PageData } from '../page-data.ts';
import { type Address, writeAddress } from './address.ts';
import { compareView } from './compare-view.ts';
import type { Entry } from './entries.ts';
import { markWords } from './mark-words.ts';
import { playedView } from './played-view.ts';
import type { Listed } from './select-entries.ts';
import { treeView } from './tree-view.ts';

export interface Reader {
  /** Shows a conversation, scrolled to the first of the matching turns if there are any. */
  show(listed: Listed, words: string): void;
  clear(): void;
}

/** Builds one conversation at a time, so that the document stays small. */
export function createReader(place: HTMLElement, data: PageData, entries: readonly Entry[]): Reader {
  const siblings = Map.groupBy(entries, ({ name }) => name);
  return {
    show({ entry, other, turns }, words) {
      place.replaceChildren(
        element('h3', { dir: 'auto' }, entry.name),
        entry.profile === '' ? '' : element('p', { class: 'note', dir: 'auto' }, entry.profile),
        other === null ? sourceLine(entry, siblings.get(entry.name) ?? []) : againstLine(entry, other),
        ...viewOf(entry, other, data),
      );
      place.scrollTop = 0;
      const met = turns.flatMap((turn) => place.querySelector(`[data-turn="${turn}"]`) ?? []);
      for (const section of met) section.classList.add('met-filter');
      const [first] = met;
      if (first instanceof HTMLElement) place.scrollTop = first.offsetTop - place.offsetTop - 12;
      markWords(place, words);
    },
    clear() {
      place.replaceChildren(element('p', { class: 'nothing' }, 'No conversation matches the filters.'));
    },
  };
}

function viewOf(entry: Entry, other: Entry | null, { personas }: PageData): HTMLElement[] {
  if (entry.kind === 'tree') return treeView(entry.conversation, personas);
  if (other?.kind !== 'played') return playedView(entry.conversation, personas);
  const sides = [entry, other].map(({ source, conversation }) => ({ name: source, conversation }));
  return compareView([sides[0]!, sides[1]!], personas);
}

/** Who answered, with links to the conversations of the other candidates with the same user. */
function sourceLine(entry: Entry, siblings: readonly Entry[]): HTMLElement {
  const others = siblings.filter(({ index, kind }) => index !== entry.index && kind === entry.kind);
  if (others.length === 0) return element('p', { class: 'source' }, element('bdi', {}, entry.source));
  const alone = others.map(({ index, source }) => link(source, { open: index, fields: {} }));
  const beside = others.map(({ source }) =>
    link(source, { open: entry.index, fields: { candidate: entry.source, with: source, order: 'gap' } }),
  );
  return element(
    'p',
    { class: 'source' },
    element('bdi', {}, entry.source),
    element('span', { class: 'siblings' }, 'Same user with: ', alone),
    element('span', { class: 'siblings' }, 'Side by side with: ', beside),
  );
}

function link(text: string, address: Address): HTMLElement {
  return element('a', { href: writeAddress(address), dir: 'auto' }, text);
}

function againstLine(entry: Entry, other: Entry): HTMLElement {
  return element(
    'p',
    { class: 'source' },
    element(
      'span',
      {},
      'Difference: ',
      element('bdi', {}, entry.source),
      ' minus ',
      element('bdi', {}, other.source),
    ),
    link('Stop comparing', { open: entry.index, fields: {} }),
  );
}
