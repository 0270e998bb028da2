import { TransportError } from './transport-error.ts';

/** Far more than any API nests, and far less than any stack holds. */
const MAX_DEPTH = 64;

const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Parses JSON whose depth is bounded: what walks the value later (a copy, a comparison, a schema) may recurse.
 *
 * @throws TransportError when it is nested deeper than 64 levels; SyntaxError when it is not JSON.
 */
export function parseShallowJson(text: string): unknown {
  checkJsonDepth(text);
  return JSON.parse(text);
}

/** @throws TransportError when the text, read as JSON, is nested deeper than 64 levels. */
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

/** The place of the closing quote, or -1. Nearly all of an answer is inside strings, and `indexOf` is fast. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}
