/**
 * Where the run of words that begins at each word ends, `end` excluded: as soon as it is long enough. Shorter than the list of
 * words, since the last ones begin none.
 *
 * @param length How long a run is.
 * @param lengthOf How much a word counts.
 */
export function endsOfRuns(
  words: readonly string[],
  length: number,
  lengthOf: (word: string) => number,
): number[] {
  const ends: number[] = [];
  let end = 0;
  let reached = 0;
  for (const start of words.keys()) {
    for (; reached < length && end < words.length; end++) reached += lengthOf(words[end]!);
    if (reached < length) break;
    ends.push(end);
    reached -= lengthOf(words[start]!);
  }
  return ends;
}
