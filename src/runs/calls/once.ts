/** Wraps each thing once. The same thing gives the same wrapper, and a wrapper is returned unchanged. */
export function once<Thing extends object>(wrap: (thing: Thing) => Thing): (thing: Thing) => Thing {
  const wrapped = new WeakMap<Thing, Thing>();
  return (thing) => {
    const known = wrapped.get(thing);
    if (known !== undefined) return known;
    const outer = wrap(thing);
    wrapped.set(thing, outer).set(outer, outer);
    return outer;
  };
}
