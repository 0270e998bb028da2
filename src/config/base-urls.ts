import { InvalidOptionError } from '../errors.ts';
import { registerUrlSecrets, withoutCredentials } from '../redact.ts';

/**
 * The base URLs in a text: one, or those of several servers of the same model with commas between them. A comma in the query
 * of an address is part of it.
 */
export function splitBaseUrls(text: string): string[] {
  return text.split(/\s*,\s*(?=https?:\/\/)/i).map((url) => url.trim());
}

/**
 * The same, where all of them are used.
 *
 * @throws InvalidOptionError if an address has a separator in it: it would be taken for one server with a strange path.
 */
export function readBaseUrls(option: string, text: string): string[] {
  const urls = splitBaseUrls(text);
  const joined = urls.find((url) => /^[^?]*[\s,;|]/.test(url));
  if (joined === undefined) return urls;
  registerUrlSecrets(joined);
  throw new InvalidOptionError(
    option,
    'a base URL, or several with commas between them, each with http:// or https://',
    withoutCredentials(joined),
  );
}
