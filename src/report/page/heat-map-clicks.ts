import type { Entry } from './entries.ts';

/**
 * A click on a cell of a heat map opens its conversation at its turn. Cells stand in the order of the cases, each
 * with its turns, so the place of a cell says which it is. For pointers only: the list does the same for keys.
 */
export function listenToHeatMaps(
  maps: Iterable<HTMLElement>,
  entries: readonly Entry[],
  open: (entry: Entry, turn: number) => void,
): void {
  for (const map of maps) {
    const own = entries.filter(
      ({ kind, conversation }) =>
        kind === 'played' &&
        'candidate' in conversation &&
        String(conversation.candidate) === map.dataset.candidate,
    );
    map.addEventListener('click', ({ target }) => {
      if (!(target instanceof SVGRectElement) || target.parentElement === null) return;
      const place = [...target.parentElement.children].indexOf(target);
      const turns = own[0]?.turns.length ?? 1;
      const entry = own[Math.floor(place / turns)];
      if (entry !== undefined) open(entry, (place % turns) + 1);
    });
  }
}
