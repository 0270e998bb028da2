import { findTooDeep } from '../internal/json-depth.ts';
import { TransportError } from './transport-error.ts';

/** Far deeper than any API's JSON, and far from overflowing the stack. */
const MAX_DEPTH = 64;

/**
 * Parses JSON of limited depth, so that later code (a copy, a comparison, a schema) can safely recurse into it.
 *
 * @throws TransportError if it is nested deeper than 64 levels; SyntaxError if it is not JSON.
 */
export function parseShallowJson(text: string): unknown {
  checkJsonDepth(text);
  return JSON.parse(text);
}

/** Checks the depth without parsing. @throws TransportError if the JSON is nested deeper than 64 levels. */
export function checkJsonDepth(text: string): void {
  if (findTooDeep(text, MAX_DEPTH) < 0) return;
  throw new TransportError('too-deep', `the response is nested deeper than ${MAX_DEPTH} levels`);
}
