/** A text as a pattern that matches it and nothing else. Escapes no more than a pattern with the flag `u` allows. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
