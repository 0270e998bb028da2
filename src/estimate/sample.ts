/** Conversations and cases that are played. Their costs differ little: the same number of turns, personas of similar length. */
export const SAMPLE_SIZE = 4;

/** A few items, evenly spaced over the list. */
export function sampleOf<Item>(items: readonly Item[]): Item[] {
  const step = Math.max(1, items.length / SAMPLE_SIZE);
  return Array.from(
    { length: Math.min(items.length, SAMPLE_SIZE) },
    (_, index) => items[Math.floor(index * step)]!,
  );
}
