import { jsonrepair } from 'jsonrepair';

/** More than a model writes in one reply. Repair can take quadratic time. */
const MAX_CHARACTERS = 32_000;

/** Quotation marks that neither open nor close a JSON string, such as apostrophes. With thousands, repair takes minutes. */
const STRAY_QUOTE = /(?<![{[,:]\s*)["'`´“”‘’](?!\s*[}\],:])/g;
const MAX_STRAY_QUOTES = 300;

/**
 * Parses JSON with a model's usual mistakes, such as comments, missing quotes or a missing end.
 *
 * @throws Error if it cannot be repaired, or is not valid and too long to repair.
 */
export function parseRepaired(text: string): unknown {
  const repairable =
    text.length <= MAX_CHARACTERS && (text.match(STRAY_QUOTE)?.length ?? 0) <= MAX_STRAY_QUOTES;
  return JSON.parse(repairable ? jsonrepair(text) : text);
}
