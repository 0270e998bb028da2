import { element } from '../../page/browser/dom.ts';
import type { Entry } from './entries.ts';
import { meanScore, scoreStrip } from './scores.ts';

/** Options rendered per batch; scrolling or stepping renders more. */
const CHUNK = 60;

/** A list box for arrow keys and clicks. It renders only what is in view, so it can hold thousands of conversations. */
export interface EntryList {
  /** Shows these entries, in this order, and selects the given one. */
  show(entries: readonly Entry[], wanted: Entry | null): void;
  /** Selects the next or the previous entry. */
  step(by: number): void;
}

export function createEntryList(
  box: HTMLElement,
  onSelect: (entry: Entry, place: number) => void,
): EntryList {
  let entries: readonly Entry[] = [];
  let made = 0;
  let selected = -1;
  const end = element('div', { class: 'list-end', role: 'presentation' });
  new IntersectionObserver(([seen]) => seen?.isIntersecting && make(made + CHUNK), { root: box }).observe(
    end,
  );

  function make(count: number): void {
    const until = Math.min(count, entries.length);
    const options = entries.slice(made, until).map((entry, index) => option(entry, made + index));
    end.before(...options);
    made = until;
    end.hidden = made === entries.length;
  }

  function option(entry: Entry, place: number): HTMLElement {
    return element(
      'div',
      {
        role: 'option',
        id: `entry-${entry.index}`,
        'data-place': String(place),
        'aria-selected': 'false',
        'aria-posinset': String(place + 1),
        'aria-setsize': String(entries.length),
      },
      element('span', { class: 'entry-name', dir: 'auto' }, entry.name),
      element('span', { class: 'entry-source', dir: 'auto' }, entry.source),
      outcome(entry),
    );
  }

  function select(place: number): void {
    const entry = entries[place];
    if (entry === undefined) return;
    if (place >= made) make(place + CHUNK);
    box.querySelector('[aria-selected="true"]')?.setAttribute('aria-selected', 'false');
    const shown = box.querySelector(`#entry-${entry.index}`);
    shown?.setAttribute('aria-selected', 'true');
    if (shown !== null) keepInView(box, shown);
    box.setAttribute('aria-activedescendant', `entry-${entry.index}`);
    selected = place;
    onSelect(entry, place);
  }

  box.addEventListener('click', ({ target }) => {
    const place =
      target instanceof Element ? target.closest('[data-place]')?.getAttribute('data-place') : null;
    if (place) select(Number(place));
  });
  box.addEventListener('keydown', (event) => {
    const to = { ArrowDown: selected + 1, ArrowUp: selected - 1, Home: 0, End: entries.length - 1 }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    select(to);
  });

  return {
    show(shown, wanted) {
      entries = shown;
      made = 0;
      selected = -1;
      box.replaceChildren(end);
      box.removeAttribute('aria-activedescendant');
      box.scrollTop = 0;
      make(CHUNK);
      select(Math.max(0, wanted === null ? 0 : entries.indexOf(wanted)));
    },
    step: (by) => select(selected + by),
  };
}

function outcome(entry: Entry): HTMLElement {
  if (entry.kind === 'tree') {
    const pairs = entry.turns.length === 1 ? '1 pair' : `${entry.turns.length} pairs`;
    return element('span', { class: 'entry-outcome' }, `${pairs} of responses`);
  }
  const scores = entry.turns.map(({ score }) => score);
  const mean = meanScore(scores);
  return element(
    'span',
    { class: 'entry-outcome' },
    scoreStrip(scores),
    mean === null ? 'no score' : `mean ${mean.toFixed(2)}`,
  );
}

/** Scrolls only the box, not the page. */
function keepInView(box: Element, option: Element): void {
  const outer = box.getBoundingClientRect();
  const inner = option.getBoundingClientRect();
  if (inner.top < outer.top) box.scrollTop -= outer.top - inner.top;
  else if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom;
}
