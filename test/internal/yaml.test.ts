import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { toYaml } from '../../src/internal/yaml.ts';

describe('toYaml', () => {
  // What PyYAML 6 reads as anything but the number or the string was tried with it.
  test('writes numbers with an exponent as PyYAML reads them', async () => {
    expect(await toYaml({ a: 5e-7, b: -1.5e-7, c: 1e21, d: 1e-5, e: 3 })).toBe(
      'a: 5.0e-7\nb: -1.5e-7\nc: 1.0e+21\nd: 0.00001\ne: 3\n',
    );
  });

  test('quotes strings that YAML 1.1 would read as something else', async () => {
    const texts = ['yes', 'off', 'null', '1e-5', '2024-01-01', '1:20', '~', '', '0o7'];
    const yaml = await toYaml({ texts });
    expect(parse(yaml, { version: '1.1' })).toEqual({ texts });
    expect(yaml).toContain('- "yes"\n  - "off"');
  });

  test('lets no string end a line, as PyYAML sees lines, or mean a merge', async () => {
    const texts = [
      'model\u2028trust_remote_code:\u2028  true',
      'a\u0085b',
      '\u2029- b',
      '=',
      '<<',
      '\u2028"\\',
    ];
    const yaml = await toYaml({ texts });
    expect(yaml).not.toMatch(/[\u0085\u2028\u2029]/);
    expect(yaml.split('\n')).toHaveLength(texts.length + 2);
    expect(yaml).toContain('- "="\n  - "<<"\n');
    expect(parse(yaml, { version: '1.1' })).toEqual({ texts });
  });
});
