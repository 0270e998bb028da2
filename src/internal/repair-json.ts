import { jsonrepair } from 'jsonrepair';

/** More than a model writes in one reply. Repair takes time quadratic in the length of some texts, such as one of quotes. */
const MAX_CHARACTERS = 32_000;

/**
 * Parses JSON with a model's usual mistakes, such as comments, missing quotes or a missing end.
 *
 * @throws Error if it cannot be repaired, or is longer than 32,000 characters and not valid as it is.
 */
export function parseRepaired(text: string): unknown {
  return JSON.parse(text.length > MAX_CHARACTERS ? text : jsonrepair(text));
}
