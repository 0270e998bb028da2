/** A name as a chart can show it: in one line. */
export function oneLine(name: string): string {
  return name.replace(/\s+/g, ' ').trim();
}
