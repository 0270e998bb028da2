const NAMED_SECRET =
  /((?:api[-_]?key|authorization|token|secret|password)["']?\s*[:=]\s*["']?(?:bearer\s+)?)([^\s"',;&}]{6,})/gi;
const KEY_SHAPED = /\b(?:sk|pk|hf|gsk|rk)[-_][A-Za-z0-9_-]{12,}\b/g;
const BEARER = /(bearer\s+)[A-Za-z0-9._~+/-]{6,}=*/gi;
const URL_CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi;

const knownSecrets = new Set<string>();

/** Registers a secret's value, so that it is removed from every text by value and not only by its shape. */
export function registerSecret(value: string): void {
  if (value.length >= 6) knownSecrets.add(value);
}

/** Removes keys, bearer tokens and URL credentials from a text that may reach an error, a log or a file. */
export function redact(text: string): string {
  let safe = text;
  for (const secret of knownSecrets) safe = safe.replaceAll(secret, '[redacted]');
  return safe
    .replace(BEARER, '$1[redacted]')
    .replace(NAMED_SECRET, '$1[redacted]')
    .replace(KEY_SHAPED, '[redacted]')
    .replace(URL_CREDENTIALS, '$1[redacted]@');
}
