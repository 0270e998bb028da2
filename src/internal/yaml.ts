import type { ScalarTag } from 'yaml';

/** PyYAML takes `5e-7` for a text: its numbers with an exponent have a point. */
const exponential: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: (value) => typeof value === 'number' && /^-?\d+e/.test(String(value)),
  // A tag without a test gives way to the library's own, whose test matches.
  test: /^-?\d+\.0e[-+]\d+$/,
  resolve: Number,
  stringify: ({ value }) => String(value).replace('e', '.0e'),
};

/** YAML as Python programs read it: version 1.1, in which `yes` and dates need quotes as texts. */
export async function toYaml(value: object): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(value, { version: '1.1', customTags: (tags) => [exponential, ...tags] });
}
