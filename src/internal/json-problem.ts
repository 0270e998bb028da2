/** Where a text stops being JSON. */
export interface JsonProblem {
  /** Position in the text, from 0. */
  readonly offset: number;
  /** What should be there, such as `a value`. */
  readonly expected: string;
}

const VALUE = 'a value';
const FIRST_VALUE = 'a value or "]"';
const KEY = 'a key in double quotes';
const FIRST_KEY = 'a key in double quotes or "}"';
const COLON = '":"';
const AFTER_VALUE = '"," or "]"';
const AFTER_ENTRY = '"," or "}"';
const END = 'the end of the text';

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these may not stand in a string.
const PLAIN = /[^"\\\u0000-\u001f]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these may not stand in a string.
const ESCAPED = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})[^"\\\u0000-\u001f]*/y;

/**
 * The first problem of a text that `JSON.parse` refuses, or null if it is JSON. The engine's own messages often leave
 * out the position.
 */
export function findJsonProblem(text: string): JsonProblem | null {
  const open: ('[' | '{')[] = [];
  let offset = 0;
  let expected = VALUE;

  function skip(pattern: RegExp): boolean {
    pattern.lastIndex = offset;
    if (!pattern.test(text)) return false;
    offset = pattern.lastIndex;
    return true;
  }

  function afterValue(): string {
    const container = open.at(-1);
    if (container === undefined) return END;
    return container === '[' ? AFTER_VALUE : AFTER_ENTRY;
  }

  for (;;) {
    skip(SPACE);
    const character = text[offset];
    if (character === undefined) return expected === END ? null : { offset, expected };
    const wantsValue = expected === VALUE || expected === FIRST_VALUE;
    const wantsKey = expected === KEY || expected === FIRST_KEY;
    if (character === '"' && (wantsValue || wantsKey)) {
      offset += 1;
      skip(PLAIN);
      // One escape at a time: a single expression for the string overflows the stack after millions of them.
      while (skip(ESCAPED));
      if (text[offset] !== '"') return { offset, expected: stringProblem(text[offset]) };
      offset += 1;
      expected = wantsKey ? COLON : afterValue();
    } else if (wantsValue && (character === '[' || character === '{')) {
      open.push(character);
      offset += 1;
      expected = character === '[' ? FIRST_VALUE : FIRST_KEY;
    } else if (
      (character === ']' && (expected === FIRST_VALUE || expected === AFTER_VALUE)) ||
      (character === '}' && (expected === FIRST_KEY || expected === AFTER_ENTRY))
    ) {
      open.pop();
      offset += 1;
      expected = afterValue();
    } else if (character === ',' && (expected === AFTER_VALUE || expected === AFTER_ENTRY)) {
      offset += 1;
      expected = expected === AFTER_VALUE ? VALUE : KEY;
    } else if (character === ':' && expected === COLON) {
      offset += 1;
      expected = VALUE;
    } else if (wantsValue && skip(SCALAR)) {
      expected = afterValue();
    } else {
      return { offset, expected };
    }
  }
}

function stringProblem(found: string | undefined): string {
  if (found === undefined) return 'the closing quote of a string';
  if (found === '\\') return String.raw`an escape that JSON knows, such as \n`;
  return 'the closing quote of a string, as line breaks, tabs and control characters must be escaped';
}
