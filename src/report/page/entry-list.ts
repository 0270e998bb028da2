import { element } from '../../page/browser/dom.ts';
import type { TurnFacts } from './entries.ts';
import { meanScore } from './mean-score.ts';
import { scoreStrip, signedScore } from './scores.ts';
import type { Listed } from './select-entries.ts';

/** Options rendered per batch; scrolling or stepping renders more. */
const CHUNK = 60;

/** A list box for arrow keys and clicks. It renders only what is in view, so it can hold thousands of conversations. */
export interface EntryList {
  /** Shows these conversations, in this order, and selects the one at this place. */
  show(listed: readonly Listed[], place: number): void;
  /** Selects the next or the previous conversation. */
  step(by: number): void;
}

export function createEntryList(
  box: HTMLElement,
  onSelect: (listed: Listed) => void,
  onOpen: () => void,
): EntryList {
  let listed: readonly Listed[] = [];
  let made = 0;
  let selected = -1;
  const end = element('div', { class: 'list-end', role: 'presentation' });
  new IntersectionObserver(([seen]) => seen?.isIntersecting && make(made + CHUNK), { root: box }).observe(
    end,
  );

  function make(count: number): void {
    const until = Math.min(count, listed.length);
    const options = listed.slice(made, until).map((each, index) => option(each, made + index));
    end.before(...options);
    made = until;
    end.hidden = made === listed.length;
  }

  function option(each: Listed, place: number): HTMLElement {
    const { entry, other } = each;
    return element(
      'div',
      {
        role: 'option',
        id: `entry-${entry.index}`,
        'data-place': String(place),
        'aria-selected': 'false',
        'aria-posinset': String(place + 1),
        'aria-setsize': String(listed.length),
      },
      element('span', { class: 'entry-name', dir: 'auto' }, entry.name),
      element(
        'span',
        { class: 'entry-source' },
        element('bdi', {}, entry.source),
        other === null ? null : [' vs. ', element('bdi', {}, other.source)],
      ),
      other === null ? outcome(each) : compared(each, other.turns),
    );
  }

  function select(place: number): void {
    const chosen = listed[place];
    if (chosen === undefined) return;
    const { entry } = chosen;
    if (place >= made) make(place + CHUNK);
    box.querySelector('[aria-selected="true"]')?.setAttribute('aria-selected', 'false');
    const shown = box.querySelector(`#entry-${entry.index}`);
    shown?.setAttribute('aria-selected', 'true');
    if (shown !== null) keepInView(box, shown);
    box.setAttribute('aria-activedescendant', `entry-${entry.index}`);
    selected = place;
    onSelect(chosen);
  }

  box.addEventListener('click', ({ target }) => {
    const place =
      target instanceof Element ? target.closest('[data-place]')?.getAttribute('data-place') : null;
    if (place) select(Number(place));
  });
  box.addEventListener('keydown', (event) => {
    const to = { ArrowDown: selected + 1, ArrowUp: selected - 1, Home: 0, End: listed.length - 1 }[event.key];
    if (to === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (to === undefined) onOpen();
    else select(to);
  });

  return {
    show(shown, place) {
      listed = shown;
      made = 0;
      selected = -1;
      box.replaceChildren(end);
      box.removeAttribute('aria-activedescendant');
      box.scrollTop = 0;
      box.classList.toggle('one-pair', isOnePair(shown));
      make(CHUNK);
      select(place);
    },
    step: (by) => select(selected + by),
  };
}

/** Whether the same two candidates are compared throughout: then no option needs to name them. */
function isOnePair([first, ...rest]: readonly Listed[]): boolean {
  return (
    first !== undefined &&
    first.other !== null &&
    rest.every(
      ({ entry, other }) => entry.source === first.entry.source && other?.source === first.other?.source,
    )
  );
}

function outcome({ entry }: Listed): HTMLElement {
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

/** Both candidates' scores, one strip above the other. */
function compared({ entry, difference }: Listed, others: readonly TurnFacts[]): HTMLElement {
  const strips = [entry.turns, others].map((turns) => scoreStrip(turns.map(({ score }) => score)));
  return element(
    'span',
    { class: 'entry-outcome' },
    element('span', { class: 'strips' }, strips),
    difference === null ? 'no common score' : `difference ${signedScore(difference)}`,
  );
}

/** Scrolls only the box, not the page. */
function keepInView(box: Element, option: Element): void {
  const outer = box.getBoundingClientRect();
  const inner = option.getBoundingClientRect();
  if (inner.top < outer.top) box.scrollTop -= outer.top - inner.top;
  else if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom;
}
