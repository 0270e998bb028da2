import type { Entry } from './entries.ts';

/**
 * Opens a conversation at its turn when a heat map cell is clicked. Cells are ordered by case, then turn, so a cell's
 * index identifies it. For pointers only: keyboard users have the list.
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
