import type { RatingSheet } from '../rating-sheet.ts';
import type { Rating, Ratings } from '../ratings.ts';
import { checkRatings } from './check-ratings.ts';

/** The ratings given on this page, stored in the browser on each change. */
export interface Store {
  rater: string;
  rating(id: string): number | null;
  note(id: string): string;
  rate(id: string, rating: number | null): void;
  annotate(id: string, note: string): void;
  rated(): number;
  /** False if the browser refuses storage to local files: then only a saved file lasts. */
  keeps(): boolean;
  /** Returns the contents of the file to save, and marks the ratings as saved. */
  save(): string;
  /** Replaces the ratings with those of a saved file. @throws UnusableFileError */
  load(text: string): void;
  clear(): void;
  /** Whether closing the page would lose ratings. */
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
    // Nothing stored, nothing usable, or no storage: start empty.
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
