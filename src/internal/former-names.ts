/**
 * Renames the keys of an earlier file version, before the schema checks the object. Anything but an object is returned
 * unchanged.
 *
 * @param names Present name by former name. A key that already has its present name wins.
 */
export function renameKeys(value: unknown, names: Readonly<Record<string, string>>): unknown {
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => {
      const name = Object.hasOwn(names, key) ? names[key]! : key;
      return name !== key && Object.hasOwn(value, name) ? [] : [[name, entry]];
    }),
  );
}

/** Changes one entry of an object, if it has that key. Anything else is returned unchanged. */
export function changeKey(value: unknown, key: string, change: (entry: unknown) => unknown): unknown {
  return isPlainObject(value) && Object.hasOwn(value, key) ? { ...value, [key]: change(value[key]) } : value;
}

/** Changes each entry of an array. Anything else is returned unchanged. */
export function changeEach(value: unknown, change: (entry: unknown) => unknown): unknown {
  return Array.isArray(value) ? value.map(change) : value;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
