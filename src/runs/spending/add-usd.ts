/** US dollars together; null if one of the two is not known. In a file of its own, since pages for the browser import it. */
export function addUsd(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}
