/** Mean score, ignoring nulls; null if there are none. */
export function meanScore(scores: readonly (number | null)[]): number | null {
  const there = scores.filter((score) => score !== null);
  return there.length === 0 ? null : there.reduce((sum, score) => sum + score, 0) / there.length;
}
