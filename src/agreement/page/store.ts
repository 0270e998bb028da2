import type { RatingSheet } from '../rating-sheet.ts';
import type { Rating, Ratings } from '../ratings.ts';
import { checkRatings } from './check-ratings.ts';

/** What has been rated on this page, kept in the browser at each change. */
export interface Store {
  rater: string;
  rating(id: string): number | null;
  note(id: string): string;
  rate(id: string, rating: number | null): void;
  annotate(id: string, note: string): void;
  rated(): number;
  /** False where the browser keeps nothing for files: then only a saved file lasts. */
  keeps(): boolean;
  /** The file to save. */
  save(): string;
  /** Takes up a saved file in place of what is there. @throws UnusableFileError */
  load(text: string): void;
  clear(): void;
  /** Whether something would be lost with the page. */
  isUnsaved(): boolean;
}

export function openStore({ id: sheetId, items }: RatingSheet): Store {
  const place = `aloe-ratings/${sheetId}`;
  const ids = new Set(items.map(({ id }) => id));
  let ratings = new Map<string, Rating>();
  let rater = '';
  let kept = true;
  let changed = false;

  /** In the order of the sheet. */
  function toFile(): Ratings {
    return { schema: 'aloe-ratings/1', rater, ratings: items.flatMap(({ id }) => ratings.get(id) ?? []) };
  }

  function take(text: string): void {
    const file = checkRatings(text, ids);
    rater = file.rater;
    ratings = new Map(file.ratings.map((rating) => [rating.id, rating]));
  }

  function keep(): void {
    changed = true;
    try {
      localStorage.setItem(place, JSON.stringify(toFile()));
    } catch {
      kept = false;
    }
  }

  function change(id: string, change: Partial<Rating>): void {
    const { rating, note } = { ...(ratings.get(id) ?? { rating: null }), ...change };
    if (rating === null && !note) ratings.delete(id);
    else ratings.set(id, { id, rating, ...(note && { note }) });
    keep();
  }

  try {
    take(localStorage.getItem(place) ?? '');
  } catch {
    // Nothing there, or nothing of use, or no storage: the sheet begins empty.
  }

  return {
    get rater() {
      return rater;
    },
    set rater(name) {
      rater = name;
      keep();
    },
    rating: (id) => ratings.get(id)?.rating ?? null,
    note: (id) => ratings.get(id)?.note ?? '',
    rate: (id, rating) => change(id, { rating }),
    annotate: (id, note) => change(id, { note }),
    rated: () => [...ratings.values()].filter(({ rating }) => rating !== null).length,
    keeps: () => kept,
    save() {
      changed = false;
      return `${JSON.stringify(toFile(), null, 2)}\n`;
    },
    load(text) {
      take(text);
      keep();
    },
    clear() {
      ratings = new Map();
      rater = '';
      keep();
    },
    isUnsaved: () => changed && !kept,
  };
}
