import { wilsonInterval } from '../src/metrics/wilson-interval.ts';

/** A share with its 95 % Wilson interval and its counts: `12 % [8, 17] (16/130)`. */
export function wilsonShare(found: number, of: number): string {
  const interval = wilsonInterval(found, of);
  if (interval === null) return '–';
  const percent = (value: number) => Math.round(100 * value);
  return `${percent(found / of)} % [${percent(interval.low)}, ${percent(interval.high)}] (${found}/${of})`;
}
