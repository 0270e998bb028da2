import type { ScalarTag } from 'yaml';

/** PyYAML reads `5e-7` as a string: a number with an exponent needs a decimal point. */
const exponential: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: (value) => typeof value === 'number' && /^-?\d+e/.test(String(value)),
  // Without a test, the library's own tag would match and win.
  test: /^-?\d+\.0e[-+]\d+$/,
  resolve: Number,
  stringify: ({ value }) => String(value).replace('e', '.0e'),
};

/**
 * Strings that PyYAML would not read back: in YAML 1.1 more characters end a line, so that the rest could be taken for
 * another key, and `=` and `<<` have a meaning.
 */
const misread: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  identify: (value) => typeof value === 'string' && /[\u0085\u2028\u2029]|^(?:=|<<)$/.test(value),
  test: /(?!)/,
  resolve: String,
  stringify: ({ value }) =>
    JSON.stringify(value).replace(
      /[\u007f-\u009f\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
};

/** YAML 1.1, as PyYAML reads it: strings such as `yes` and dates are quoted. */
export async function toYaml(value: object): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(value, { version: '1.1', customTags: (tags) => [exponential, misread, ...tags] });
}
