/** Keys that occur more than once in one object of a JSON text, which `JSON.parse` does not tell. The text is valid JSON. */
export function findDuplicateKeys(json: string): string[] {
  const duplicates: string[] = [];
  /** The keys of every open object; null for a list. */
  const open: (Set<string> | null)[] = [];
  /** Where the last string began and ended; before a colon it is a key. */
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
      // The same key may be written with and without escapes.
      const key: string = JSON.parse(json.slice(last.start, last.end + 1));
      const keys = open.at(-1);
      if (keys?.has(key)) duplicates.push(key);
      keys?.add(key);
    }
  }
  return duplicates;
}

/** Step by step: a regular expression for a whole string fills the stack with one of some megabytes. */
function closingQuote(json: string, opening: number): number {
  let at = opening + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}
