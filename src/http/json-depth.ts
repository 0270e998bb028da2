import { findTooDeep } from '../internal/json-depth.ts';
import { TransportError } from './transport-error.ts';

/** Far deeper than the responses of any API, and far less than any stack holds. */
const MAX_DEPTH = 64;

/**
 * Parses JSON of limited depth.
 *
 * @throws TransportError when it is nested deeper than 64 levels; SyntaxError when it is not JSON.
 */
export function parseShallowJson(text: string): unknown {
  checkJsonDepth(text);
  return JSON.parse(text);
}

/** @throws TransportError when the text, read as JSON, is nested deeper than 64 levels. */
export function checkJsonDepth(text: string): void {
  if (findTooDeep(text, MAX_DEPTH) < 0) return;
  throw new TransportError('too-deep', `the answer is nested deeper than ${MAX_DEPTH} levels`);
}
