/**
 * JSON with sorted keys and without undefined members, so that equal values give equal text.
 *
 * Written by hand: `JSON.stringify` with a replacer that sorts takes three times as long, and every journal key is a
 * hash of this text. Keys that look like array indexes come first, in numerical order, as in any JavaScript object.
 *
 * @param writeKnown Gives the canonical JSON of an object if it has it at hand.
 */
export function canonicalJson(value: unknown, writeKnown: WriteKnown = () => undefined): string {
  return write(value, '', writeKnown) as string;
}

type WriteKnown = (value: object) => string | undefined;

/** Undefined where JSON has no text: for undefined, a function or a symbol. */
function write(value: unknown, key: string, writeKnown: WriteKnown): string | undefined {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const { toJSON } = value as { readonly toJSON?: unknown };
  const plain: unknown = typeof toJSON === 'function' ? toJSON.call(value, key) : value;
  if (typeof plain !== 'object' || plain === null) return JSON.stringify(plain);
  if (Array.isArray(plain)) return writeArray(plain, writeKnown);
  return writeKnown(plain) ?? writeObject(plain as Readonly<Record<string, unknown>>, writeKnown);
}

function writeArray(items: readonly unknown[], writeKnown: WriteKnown): string {
  let text = '[';
  for (let index = 0; index < items.length; index++) {
    if (index > 0) text += ',';
    text += write(items[index], String(index), writeKnown) ?? 'null';
  }
  return `${text}]`;
}

function writeObject(value: Readonly<Record<string, unknown>>, writeKnown: WriteKnown): string {
  let text = '';
  for (const key of sortedKeys(value)) {
    const member = write(value[key], key, writeKnown);
    if (member !== undefined) text += `${text === '' ? '{' : ','}${JSON.stringify(key)}:${member}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

function sortedKeys(value: object): readonly string[] {
  const keys = Object.keys(value).sort();
  return keys.some(startsWithDigit) ? Object.keys(Object.fromEntries(keys.map((key) => [key, 0]))) : keys;
}

function startsWithDigit(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= 48 && first <= 57;
}
