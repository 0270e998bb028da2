import { terminalText } from './terminal-text.ts';

/** A count in short form: 1234 is `1.2k`. */
export function shortNumber(value: number): string {
  if (value < 999.5) return String(Math.round(value));
  return value < 999_950 ? `${(value / 1_000).toFixed(1)}k` : `${(value / 1_000_000).toFixed(1)}M`;
}

/** A count with its noun: `1 case`, `2 cases`. @param show How the count is written. */
export function counted(count: number, noun: string, show: (count: number) => string = String): string {
  return `${show(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** An amount in US dollars: `$12.30`. Below ten cents it has four decimals: `$0.0088`. */
export function dollars(usd: number): string {
  return `$${usd.toFixed(usd > 0 && usd < 0.1 ? 4 : 2)}`;
}

/** An amount of memory in GiB, without the unit: `12.3`. */
export function gib(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

/** A duration in its two largest units: `42 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A number with a fixed number of decimals, never "-0.00". A missing number is "–". */
export function decimals(value: number | null | undefined, places: number): string {
  if (value === null || value === undefined) return '–';
  const text = value.toFixed(places);
  return Number(text) === 0 ? (0).toFixed(places) : text;
}

/** Text on one line, safe to show: all whitespace becomes single spaces, and control characters are dropped. */
export function oneLine(text: string): string {
  return terminalText(text).replace(/\s+/g, ' ').trim();
}
