/** What an error says. Anything can be thrown, and a value that is not an error speaks for itself. */
export function messageOf(thrown: unknown): string {
  return String(thrown instanceof Error ? thrown.message : thrown);
}
