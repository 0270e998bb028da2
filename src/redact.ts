import { secretForms } from './secret-forms.ts';
import { KEY_SHAPES, SECRET_SHAPES } from './secret-shapes.ts';

const REDACTED = '[redacted]';

/** Names of environment variables that hold a secret, by their end. */
const SECRET_VARIABLE =
  /(?:(?:^|[-_])(?:keys?|pat|pass|auth)|[-_]pwd|(?:api|access|secret|private)keys?|tokens?|secrets?|passw(?:or)?ds?|passphrase|credentials?)(?:_?\d+)?$/i;

/** The same word inside a name, as in `API_KEY_PROD`. Such a variable may also hold a path or a setting. */
const PERHAPS_SECRET = /(?:^|[-_])(?:key|token|secret|password)s?\d*[-_]/i;
const LIKE_A_KEY = /^(?=.*\d)(?=.*[a-z])\w[\w.~+/=-]{15,}$/i;

/** Every way to write a known secret. The longest come first, since one secret may be the beginning of another. */
let knownForms: readonly string[] = [];
const known = new Set<string>();
let environmentRead = false;

/**
 * Registers a secret, so that {@link redact} removes it whatever its shape, plain or encoded. Values of fewer than 8
 * characters are ignored: they are placeholders such as `none` or `ollama`, which also occur as ordinary words.
 */
export function registerSecret(value: string): void {
  if (known.has(value)) return;
  known.add(value);
  const forms = secretForms(value).filter((form) => !REDACTED.includes(form));
  knownForms = [...new Set([...knownForms, ...forms])].sort((one, other) => other.length - one.length);
}

/**
 * Registers the secrets of a server's URL: user name, password and the values of the query, but for an API version. The
 * URL need not be valid.
 */
export function registerUrlSecrets(url: string): void {
  const userinfo = userinfoOf(url);
  if (userinfo !== undefined) {
    registerSecret(userinfo);
    registerSecret(userinfo.slice(userinfo.indexOf(':') + 1));
  }
  const query = /\?([^#]*)/.exec(url)?.[1] ?? '';
  for (const [name, value] of query.split('&').map((parameter) => parameter.split(/=(.*)/s))) {
    if (value !== undefined && !isVersionParameter(name!)) registerSecret(value);
  }
}

/** A URL for a message: without user name, password, query and fragment. It need not be valid. */
export function withoutCredentials(url: string): string {
  const userinfo = userinfoOf(url);
  const bare = userinfo === undefined ? url : url.replace(`${userinfo}@`, () => `${REDACTED}@`);
  return bare.replace(/([?#]).*$/s, `$1${REDACTED}`);
}

/** In a URL that is not valid, all before the last `@` may be a password with characters that a URL cannot hold. */
function userinfoOf(url: string): string | undefined {
  const valid = /^[a-z][a-z0-9+.-]*:[\\/]{2}/i.test(url) && URL.canParse(url);
  return (valid ? /[\\/]{2}([^\\/?#]*)@/ : /^(?:[a-z][a-z0-9+.-]*:[\\/]+)?(.*)@/is).exec(url)?.[1];
}

/** A query parameter that some services require and that is never secret. */
export function isVersionParameter(name: string): boolean {
  return /version$/i.test(name);
}

/** Registers what the environment of this process holds. */
export function registerEnvironment(): void {
  environmentRead = true;
  if (typeof process !== 'undefined') registerVariables(process.env);
}

/** Registers environment variables with the name of a secret, and credentials in those that are URLs, such as a proxy's. */
export function registerVariables(variables: unknown): void {
  for (const [name, value] of Object.entries(variables ?? {})) {
    if (typeof value !== 'string') continue;
    if (SECRET_VARIABLE.test(name)) {
      // A variable may list several, as in `API_KEYS=a,b`.
      for (const secret of [value, ...value.split(',')]) registerSecret(secret.trim());
    } else if (PERHAPS_SECRET.test(name) && LIKE_A_KEY.test(value)) registerSecret(value);
    else if (/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(value)) registerUrlSecrets(value);
  }
}

/** Shorter than any real key, and longer than the placeholders of local servers, such as `not-needed`. */
const MIN_KEY_LENGTH = 16;

/**
 * Removes known keys from data, such as a model's reply, and nothing else: a server can return what it was sent. Values
 * of fewer than 16 characters stay, since they may be words.
 */
export function withoutKnownKeys(text: string): string {
  return withoutKnown(text, MIN_KEY_LENGTH);
}

function withoutKnown(text: string, minLength: number): string {
  let safe = text;
  for (const form of knownForms) if (form.length >= minLength) safe = safe.replaceAll(form, REDACTED);
  return safe;
}

/** Whether a text holds a known key, or what is certainly one. Names such as `token:` alone are not enough. */
export function holdsKey(text: string): boolean {
  if (!environmentRead) registerEnvironment();
  return withoutKnownKeys(text) !== text || KEY_SHAPES.some((shape) => text.search(shape) >= 0);
}

/** Removes API keys, bearer tokens and URL credentials from text that may end up in an error, a log or a file. */
export function redact(text: string): string {
  if (!environmentRead) registerEnvironment();
  const rest = withoutKnown(text, 0);
  const once = withoutShapes(rest);
  // What one pattern leaves may only now fit another.
  return once === rest ? once : withoutShapes(once);
}

function withoutShapes(text: string): string {
  let safe = text;
  for (const shape of SECRET_SHAPES) safe = safe.replace(shape, `$1${REDACTED}`);
  return safe;
}

/**
 * A growing text without the beginning of a known secret at its end: its two halves would not be recognised. Even one
 * character counts, since the other half would then be almost the whole key.
 */
export function withoutHalfSecret(text: string): string {
  let end = text.length;
  for (const form of knownForms) {
    for (let length = Math.min(form.length - 1, text.length); length > 0; length--) {
      if (text.endsWith(form.slice(0, length))) end = Math.min(end, text.length - length);
    }
  }
  return text.slice(0, end);
}

/** Longer than any secret of a known shape that is likely to stand in a text. */
const MARGIN = 8_192;

/**
 * The beginning of a text, without secrets. They are removed before the cut: half a key would not be recognised. Only as
 * much is read as that needs, since a server may send megabytes.
 */
export function redactedStart(text: string, length: number): string {
  const margin = Math.max(MARGIN, knownForms[0]?.length ?? 0);
  if (text.length <= length + margin) return redact(text).slice(0, length);
  // A secret that the first of these cuts divides lies within the margin, which the second one drops.
  return redact(text.slice(0, length + margin))
    .slice(0, -margin)
    .slice(0, length);
}

/** {@link redactedStart} with an ellipsis if it is not the whole text. */
export function excerpt(text: string, length: number): string {
  if (text.length > length + MARGIN) return `${redactedStart(text, length)}…`;
  const safe = redact(text);
  return safe.length > length ? `${safe.slice(0, length)}…` : safe;
}

/**
 * Makes a cause safe to keep. An error is copied with its name, message, stack and plain members, without secrets,
 * headers, bodies and other objects. The same is done to its own causes, up to 8 levels deep.
 */
export function redactCause(cause: unknown, depth = 0): unknown {
  if (typeof cause === 'string') return redact(cause);
  if (!(cause instanceof Error) || depth > 8) return typeof cause === 'object' ? undefined : cause;
  const copy = new Error(redact(String(cause.message)));
  for (const [name, value] of Object.entries(cause)) {
    if (['number', 'boolean'].includes(typeof value)) Object.assign(copy, { [name]: value });
    if (typeof value === 'string') Object.assign(copy, { [name]: redact(value) });
  }
  copy.name = redact(String(cause.name));
  copy.stack = redact(String(cause.stack ?? cause.message));
  if (cause.cause !== undefined) copy.cause = redactCause(cause.cause, depth + 1);
  return copy;
}
