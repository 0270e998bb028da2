/** Conversations and cases that are played. Their costs differ little: the same number of turns, personas of similar length. */
export const SAMPLE_SIZE = 4;

/** How many are played if a run has answers: which ones it has may differ from one to the next. */
export const STORED_SAMPLE_SIZE = 200;

/** A few items, evenly spaced over the list. */
export function sampleOf<Item>(items: readonly Item[], size: number = SAMPLE_SIZE): Item[] {
  const step = Math.max(1, items.length / size);
  return Array.from({ length: Math.min(items.length, size) }, (_, index) => items[Math.floor(index * step)]!);
}
