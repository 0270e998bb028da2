const REDACTED = '[redacted]';

const NAME = '(?:api[-_ ]?key|authorization|token|secret|password|passwd)';
const SCHEME = String.raw`(?:(?:bearer|basic)\s+)?`;
const VALUE = String.raw`[^\s"',;&}]{6,}`;
// Prose contains such names too ("her secret: chocolate"), but the next word rarely has a digit.
const WITH_DIGIT = String.raw`(?=[^\s"',;&}]{0,200}\d)${VALUE}`;

/** The first group of each pattern is the text before the secret, which is kept. */
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
 * Registers a secret, so that {@link redact} removes it whatever its shape. Values of fewer than 8 characters are
 * ignored: they are placeholders such as `none` or `ollama`, which also occur as ordinary words.
 */
export function registerSecret(value: string): void {
  if (value.length >= 8) knownSecrets.add(value);
}

/** Removes API keys, bearer tokens and URL credentials from text that may end up in an error, a log or a file. */
export function redact(text: string): string {
  let safe = text;
  for (const secret of knownSecrets) safe = safe.replaceAll(secret, REDACTED);
  for (const shape of SHAPES) safe = safe.replace(shape, `$1${REDACTED}`);
  return safe;
}

/**
 * Makes a cause safe to keep. An error is copied with its name, message, stack and plain members, without secrets,
 * headers, bodies and other objects. The same is done to its own causes, up to 8 levels deep.
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
