/** Thousands and millions as people read them: 1234 is `1.2k`. */
export function shortNumber(value: number): string {
  if (value < 999.5) return String(Math.round(value));
  return value < 999_950 ? `${(value / 1_000).toFixed(1)}k` : `${(value / 1_000_000).toFixed(1)}M`;
}

/** A time in its two largest units: `42 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A number with so many decimals, never "-0.00"; "–" for none. */
export function decimals(value: number | null | undefined, places: number): string {
  if (value === null || value === undefined) return '–';
  const text = value.toFixed(places);
  return Number(text) === 0 ? (0).toFixed(places) : text;
}

/** Text as one line. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Text that stays in its cell of a Markdown table. */
export function tableText(text: string): string {
  return oneLine(text).replace(/[\\|]/g, '\\$&');
}
