import { formatInterval } from '../evaluation/describe-intervals.ts';
import { decimals } from '../internal/format.ts';
import type { Interval } from '../metrics/index.ts';

/** A difference, with its sign. */
export function formatDifference(value: number | null, places: number): string {
  const text = decimals(value, places);
  return value !== null && Number(text) > 0 ? `+${text}` : text;
}

/** `[3.70, 3.92]`; empty for none. */
export function formatRange(interval: Interval | null | undefined, places: number): string {
  return interval === null || interval === undefined ? '' : formatInterval(interval, places);
}

/** `p = 0.012`, `p < 0.001`, unbroken; empty for none. */
export function formatPValue(pValue: number | null): string {
  if (pValue === null) return '';
  return pValue < 0.001 ? 'p\u00a0<\u00a00.001' : `p\u00a0=\u00a0${pValue.toFixed(3)}`;
}

/** `99.7 %`, and 100 only for all. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '–';
  return part === whole ? '100 %' : `${Math.min((100 * part) / whole, 99.9).toFixed(1)} %`;
}
