/** Conversations and cases that are played. Their costs differ little: the same number of turns, personas of similar length. */
export const SAMPLE_SIZE = 4;

/** How many are played if a run has answers: which ones it has may differ from one to the next. */
export const STORED_SAMPLE_SIZE = 200;

/** A few items, evenly spaced over the list. */
export function sampleOf<Item>(items: readonly Item[], size: number = SAMPLE_SIZE): Item[] {
  const step = Math.max(1, items.length / size);
  return Array.from({ length: Math.min(items.length, size) }, (_, index) => items[Math.floor(index * step)]!);
}

const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** The same items in an order of which every beginning is spread evenly over the list. */
export function spread<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item, index) => ({ item, at: (index * GOLDEN_RATIO) % 1 }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
