/** Ends a message with a full stop, unless it has an end of its own. */
export function sentence(message: string): string {
  return /[\p{L}\p{N})\]]$/u.test(message) ? `${message}.` : message;
}
