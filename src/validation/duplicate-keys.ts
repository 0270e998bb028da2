/** Finds keys that occur more than once in one object, which `JSON.parse` accepts. The text must be valid JSON. */
export function findDuplicateKeys(json: string): string[] {
  const duplicates: string[] = [];
  /** The keys of each open object; null for an array. */
  const open: (Set<string> | null)[] = [];
  /** Position of the last string. If a colon follows, it is a key. */
  let last = { start: 0, end: 0 };
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (character === '"') {
      last = { start: at, end: closingQuote(json, at) };
      at = last.end;
    } else if (character === '{') open.push(new Set());
    else if (character === '[') open.push(null);
    else if (character === '}' || character === ']') open.pop();
    else if (character === ':') {
      // Parsed, because the same key may be written with or without escapes.
      const key: string = JSON.parse(json.slice(last.start, last.end + 1));
      const keys = open.at(-1);
      if (keys?.has(key)) duplicates.push(key);
      keys?.add(key);
    }
  }
  return duplicates;
}

/** A loop: a regular expression for a whole string overflows the stack on strings of several megabytes. */
function closingQuote(json: string, opening: number): number {
  let at = opening + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}
