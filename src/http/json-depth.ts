import { TransportError } from './transport-error.ts';

/** Far deeper than any API's JSON, and far from overflowing the stack. */
const MAX_DEPTH = 64;

const QUOTE = 34;
const BACKSLASH = 92;

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
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = endOfString(text, i);
        if (i < 0) return;
        break;
      case 91: // [
      case 123: // {
        depth += 1;
        if (depth > MAX_DEPTH) {
          throw new TransportError('too-deep', `the response is nested deeper than ${MAX_DEPTH} levels`);
        }
        break;
      case 93: // ]
      case 125: // }
        depth -= 1;
        break;
    }
  }
}

/** Index of the closing quote, or -1. Most of a response is inside strings, where `indexOf` is fastest. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}
