const REDACTED = '[redacted]';

const NAME = '(?:api[-_ ]?key|authorization|token|secret|password|passwd)';
const SCHEME = String.raw`(?:(?:bearer|basic)\s+)?`;
const VALUE = String.raw`[^\s"',;&}]{6,}`;
// Prose has such names too ("her secret: chocolate"), but rarely a digit in the word that follows.
const WITH_DIGIT = String.raw`(?=[^\s"',;&}]{0,200}\d)${VALUE}`;

/** Each takes what stands before the secret as its first group. */
const SHAPES: readonly RegExp[] = [
  /(\bauthorization:\s*(?:bearer|basic)\s+)[^\s"',;&}]{6,}/gi,
  /(\bbearer\s+)(?=[\w.~+/-]{0,200}\d)[\w.~+/-]{6,}=*/gi,
  new RegExp(String.raw`(${NAME}(?:["']\s*:\s*["']|["']?\s*=\s*["']?)${SCHEME})${VALUE}`, 'gi'),
  new RegExp(String.raw`(${NAME}["']?\s*:\s*["']?${SCHEME})${WITH_DIGIT}`, 'gi'),
  /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'<>]{1,500}(?=@)/gi,
  /()\b(?:(?:sk|pk|rk|hf|gsk|xai|pplx|nvapi|ghp)[-_]|AIza)(?=[\w-]{0,200}\d)[\w-]{12,}/g,
];

const knownSecrets = new Set<string>();

/**
 * Registers a secret's value, so that it is removed from every text by value and not only by its shape. Values below
 * 8 characters are placeholders such as `none` or `ollama`, and would be removed from where they are words.
 */
export function registerSecret(value: string): void {
  if (value.length >= 8) knownSecrets.add(value);
}

/** Removes keys, bearer tokens and URL credentials from a text that may reach an error, a log or a file. */
export function redact(text: string): string {
  let safe = text;
  for (const secret of knownSecrets) safe = safe.replaceAll(secret, REDACTED);
  for (const shape of SHAPES) safe = safe.replace(shape, `$1${REDACTED}`);
  return safe;
}

/**
 * A cause that is safe to keep: of an error, a copy with its name, message, stack and plain members, without
 * secrets, and without headers, bodies and other objects. Its own causes likewise.
 */
export function redactCause(cause: unknown, depth = 0): unknown {
  if (typeof cause === 'string') return redact(cause);
  if (!(cause instanceof Error) || depth > 8) return typeof cause === 'object' ? undefined : cause;
  const copy = new Error(redact(cause.message));
  for (const [name, value] of Object.entries(cause)) {
    if (['number', 'boolean'].includes(typeof value)) Object.assign(copy, { [name]: value });
    if (typeof value === 'string') Object.assign(copy, { [name]: redact(value) });
  }
  copy.name = cause.name;
  copy.stack = redact(cause.stack ?? cause.message);
  if (cause.cause !== undefined) copy.cause = redactCause(cause.cause, depth + 1);
  return copy;
}
