/** A regular expression that matches exactly this text. Safe with the flag `u`, which forbids needless escapes. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
