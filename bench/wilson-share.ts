/** A share with its 95 % Wilson interval and its counts: `12 % [8, 17] (16/130)`. */
export function wilsonShare(found: number, of: number): string {
  if (of === 0) return '–';
  const z = 1.96;
  const centre = (found + z ** 2 / 2) / (of + z ** 2);
  const reach = (z / (of + z ** 2)) * Math.sqrt((found * (of - found)) / of + z ** 2 / 4);
  const percent = (value: number) => Math.round(100 * value);
  return `${percent(found / of)} % [${percent(centre - reach)}, ${percent(centre + reach)}] (${found}/${of})`;
}
