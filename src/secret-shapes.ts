/** Names before a key, as in `api_key=` or `"secret": `. */
const NAME = '(?:(?:api|access|account|private|secret)[-_ ]?key|authorization|token|secret|password|passwd)';
/** In JSON inside JSON, a quote is escaped. */
const QUOTE = String.raw`\\{0,3}["']`;
const SCHEME = String.raw`(?:(?:bearer|basic)\s+)?`;
const VALUE = String.raw`[^\s"',;&}]{6,}`;
// Prose contains such names too ("her secret: chocolate"), but the next word rarely has a digit.
const WITH_DIGIT = String.raw`(?=[^\s"',;&}]{0,200}\d)${VALUE}`;

/** Beginnings of keys, up to the first `-` or `_`. */
const PREFIXES = [
  // Model providers: OpenAI and many others, Groq, Cerebras, Fireworks, xAI, Perplexity, Nvidia, Replicate, Together.
  ...['sk', 'gsk', 'csk', 'fw', 'xai', 'pplx', 'nvapi', 'r8', 'tgp_v1'],
  // Places for code and models: Hugging Face, GitHub, GitLab, npm, PyPI, LangSmith.
  ...['hf', 'gh[oprsu]', 'github_pat', 'glpat', 'npm', 'pypi', 'lsv2'],
  // Stripe, Slack, DigitalOcean, webhooks.
  ...['pk', 'rk', 'xox[a-z]', 'xapp', 'dop_v1', 'whsec'],
].join('|');
/** Google, Databricks. */
const OTHER_PREFIXES = String.raw`AIza|ya29\.|dapi(?=[0-9a-f]{8})`;
/** Such prefixes also begin ordinary names, which have neither a digit nor a long word. */
const KEY = String.raw`(?=[\w-]{0,200}\d|[A-Za-z]{24})[\w-]{12,}`;

const PRIVATE_KEY = /(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)[^-]{1,20000}/g;

const KEYS: readonly RegExp[] = [
  new RegExp(String.raw`()\b(?:(?:${PREFIXES})[-_]|${OTHER_PREFIXES})${KEY}`, 'g'),
  // AWS, SendGrid, JSON Web Tokens.
  /()\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /()\bSG\.[\w-]{16,64}\.[\w-]{16,64}/g,
  /()(?<![\w-])eyJ[\w-]{6,4000}\.eyJ[\w-]{2,8000}(?:\.[\w-]{0,4000})?/g,
];

/** What is a key without a name before it. As {@link SECRET_SHAPES}. */
export const KEY_SHAPES: readonly RegExp[] = [PRIVATE_KEY, ...KEYS];

/**
 * What secrets look like. The first group of each pattern is the text before the secret, which is kept. All run in linear
 * time.
 */
export const SECRET_SHAPES: readonly RegExp[] = [
  // User and password in a URL.
  /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'<>]{1,500}(?=@)/gi,
  PRIVATE_KEY,
  /(\bauthorization:\s*(?:bearer|basic)\s+)[^\s"',;&}]{6,}/gi,
  /(\bbearer\s+)(?=[\w.~+/-]{0,200}\d)[\w.~+/-]{6,}=*/gi,
  new RegExp(String.raw`(${NAME}(?:${QUOTE}\s*:\s*${QUOTE}|["']?\s*=\s*["']?)${SCHEME})${VALUE}`, 'gi'),
  new RegExp(String.raw`(${NAME}(?:${QUOTE})?\s*:\s*(?:${QUOTE})?${SCHEME})${WITH_DIGIT}`, 'gi'),
  /(\b(?:set-)?cookie["']?\s*:\s*["']?)[\w.-]{1,60}=[^\r\n"']{6,}/gi,
  // In a URL: the query, the path of Slack's webhooks.
  /([?&][\w.-]{0,40}(?:key|token|sig|signature|secret|password|passwd|auth|credential)=)[^\s"',;&}]+/gi,
  /(\bhooks\.slack\.com\/services\/)[\w/]{6,}/gi,
  ...KEYS,
];
