import { element } from '../../page/browser/dom.ts';
import type { PageData } from '../page-data.ts';
import type { Entry } from './entries.ts';
import { markWords } from './mark-words.ts';
import { playedView } from './played-view.ts';
import { treeView } from './tree-view.ts';

export interface Reader {
  /** Shows a conversation, scrolled to the first of the matching turns if there are any. */
  show(entry: Entry, turns: readonly number[], words: string): void;
  clear(): void;
}

/** Builds one conversation at a time, so that the document stays small. */
export function createReader(place: HTMLElement, data: PageData, entries: readonly Entry[]): Reader {
  const siblings = Map.groupBy(entries, ({ name }) => name);
  return {
    show(entry, turns, words) {
      const view =
        entry.kind === 'played'
          ? playedView(entry.conversation, data.personas)
          : treeView(entry.conversation, data.personas);
      place.replaceChildren(
        element('h3', { dir: 'auto' }, entry.name),
        sourceLine(entry, siblings.get(entry.name) ?? []),
        ...view,
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

/** Who answered, with links to the other candidates' conversations with the same user. */
function sourceLine(entry: Entry, siblings: readonly Entry[]): HTMLElement {
  const others = siblings.filter(({ index }) => index !== entry.index);
  const links = others.map(({ index, source }) =>
    element('a', { href: `#conversation-${index}`, dir: 'auto' }, source),
  );
  return element(
    'p',
    { class: 'source' },
    element('bdi', {}, entry.source),
    links.length === 0 ? null : element('span', { class: 'siblings' }, 'Same user with: ', links),
  );
}
