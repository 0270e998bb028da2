/** `days-hours:minutes:seconds`, without leading parts that are zero, or `infinite`. */
export function minutesOf(limit: string): number {
  const [, days = 0, clock] = /^(?:(\d+)-)?([\d:]+)$/.exec(limit) ?? [];
  if (clock === undefined) return Infinity;
  const [seconds = 0, minutes = 0, hours = 0] = clock.split(':').map(Number).reverse();
  return Number(days) * 1_440 + hours * 60 + minutes + seconds / 60;
}
