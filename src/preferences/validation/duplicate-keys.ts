/** A string, or what opens, parts and closes objects and lists; the rest of JSON does not matter here. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** Keys that occur more than once in one object of a JSON text, which `JSON.parse` does not tell. The text is valid JSON. */
export function findDuplicateKeys(json: string): string[] {
  const duplicates: string[] = [];
  /** The keys of every open object; null for a list. */
  const open: (Set<string> | null)[] = [];
  let last: string | null = null;
  for (const [token] of json.matchAll(TOKENS)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':' && last !== null) {
      const keys = open.at(-1);
      // The same key may be written with and without escapes.
      const key: string = JSON.parse(last);
      if (keys?.has(key)) duplicates.push(key);
      keys?.add(key);
    }
    last = token.startsWith('"') ? token : null;
  }
  return duplicates;
}
