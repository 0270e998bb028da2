/**
 * The same function, with the result for each object kept as long as the object itself. For what follows from a persona or a
 * message, and is asked for at every turn. The objects must not change.
 */
export function remembered<Key extends object, Value extends object | string>(
  compute: (key: Key) => Value,
): (key: Key) => Value {
  const known = new WeakMap<Key, Value>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}
