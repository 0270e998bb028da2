const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Where a text, read as JSON, goes deeper than `maxDepth` levels: the offset of that bracket, or -1. Whatever walks a
 * parsed value later (a copy, a comparison, a schema) may recurse, so callers limit the depth. The text need not be valid.
 */
export function findTooDeep(text: string, maxDepth: number): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = endOfString(text, i);
        if (i < 0) return -1;
        break;
      case 91: // [
      case 123: // {
        depth += 1;
        if (depth > maxDepth) return i;
        break;
      case 93: // ]
      case 125: // }
        depth -= 1;
        break;
    }
  }
  return -1;
}

/**
 * The offset of the closing quote of a JSON string that starts at `start`, or -1. Most JSON is inside strings, and
 * `indexOf` is fast. A regular expression would overflow the stack after some megabytes.
 */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}
