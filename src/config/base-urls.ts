/**
 * The base URLs in a text: one, or those of several servers of the same model with commas between them. A comma inside an
 * address is part of it.
 */
export function splitBaseUrls(text: string): string[] {
  return text.split(/\s*,\s*(?=https?:\/\/)/i).map((url) => url.trim());
}
