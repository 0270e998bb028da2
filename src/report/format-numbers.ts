import { formatInterval } from '../evaluation/describe/describe-intervals.ts';
import { decimals } from '../internal/format.ts';
import type { Interval, PairedEstimate } from '../metrics/index.ts';

/** A difference with its sign: `+0.25`. */
export function formatDifference(value: number | null, places: number): string {
  const text = decimals(value, places);
  return value !== null && Number(text) > 0 ? `+${text}` : text;
}

/** `[3.70, 3.92]`; empty for null. */
export function formatRange(interval: Interval | null | undefined, places: number): string {
  return interval === null || interval === undefined ? '' : formatInterval(interval, places);
}

/** `0.012`, `< 0.001` without a line break, for a column "p"; empty for null. */
export function formatPCell(pValue: number | null): string {
  if (pValue === null) return '';
  return pValue < 0.001 ? '<\u00a00.001' : pValue.toFixed(3);
}

/** `p = 0.012`, `p < 0.001` without a line break, for running text; empty for null. */
function formatPValue(pValue: number | null): string {
  const text = formatPCell(pValue);
  if (text === '') return '';
  return text.startsWith('<') ? `p\u00a0${text}` : `p\u00a0=\u00a0${text}`;
}

/** `p = 0.012, adjusted p = 0.036` for running text; the second only if it differs, words if there is no p-value. */
export function formatPValues({
  pValue,
  adjustedPValue,
}: Pick<PairedEstimate, 'pValue' | 'adjustedPValue'>): string {
  if (pValue === null) return 'too few independent cases for a p-value';
  if (adjustedPValue === pValue) return formatPValue(pValue);
  return `${formatPValue(pValue)}, adjusted ${formatPValue(adjustedPValue)}`;
}

/** `99.7 %`. Only a complete whole reads 100 %: 999.9 of 1000 does not round up to it. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '–';
  return part === whole ? '100 %' : `${Math.min((100 * part) / whole, 99.9).toFixed(1)} %`;
}
