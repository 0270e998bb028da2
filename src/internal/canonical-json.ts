/**
 * JSON with sorted keys and without undefined members, so that equal values give equal text.
 *
 * Sorts first and then writes all at once: `JSON.stringify` with a replacer that sorts takes twice as long, and every
 * journal key is a hash of this text.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value, ''));
}

/** A copy with sorted keys. Keys that look like array indexes come first, in numerical order, as in any object. */
function sorted(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { toJSON } = value as { readonly toJSON?: unknown };
  const plain: unknown = typeof toJSON === 'function' ? toJSON.call(value, key) : value;
  if (typeof plain !== 'object' || plain === null) return plain;
  if (Array.isArray(plain)) return plain.map((item, index) => sorted(item, String(index)));
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(plain).sort()) {
    const member = (plain as Readonly<Record<string, unknown>>)[name];
    // JSON has no functions, and one that is called `toJSON` would be called.
    if (member === undefined || typeof member === 'function') continue;
    if (name === '__proto__') define(copy, name, sorted(member, name));
    else copy[name] = sorted(member, name);
  }
  return copy;
}

/** An assignment would set the prototype instead. */
function define(copy: object, name: string, value: unknown): void {
  Object.defineProperty(copy, name, { value, enumerable: true });
}
