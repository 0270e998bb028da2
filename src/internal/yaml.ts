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

/** YAML 1.1, as PyYAML reads it: strings such as `yes` and dates are quoted. */
export async function toYaml(value: object): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(value, { version: '1.1', customTags: (tags) => [exponential, ...tags] });
}
