import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkConfig, readConfig } from '../../src/config/read-config.ts';
import { InvalidFileError } from '../../src/errors.ts';
import { scriptedModel } from '../../src/testing/index.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-config-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function file(name: string, text: string | Buffer): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, text);
  return path;
}

function billionLaughs(): string {
  const levels = Array.from(
    { length: 9 },
    (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level}, `.repeat(9)}]`,
  );
  return ['l0: &l0 [lol]', ...levels].join('\n');
}

const EXPECTED = { models: { default: 'openai:gpt-4o-mini' }, evaluation: { cases: 10, turns: 4 } };

test('a config is YAML, JSON or a module, and says the same in each', async () => {
  const yaml = 'models:\n  default: openai:gpt-4o-mini\nevaluation:\n  cases: 10\n  turns: 4\n';
  expect(await readConfig(await file('a.yaml', yaml))).toEqual(EXPECTED);
  expect(await readConfig(await file('a.json', JSON.stringify(EXPECTED)))).toEqual(EXPECTED);
  const typed = `const turns: number = 4;\nexport default { models: { default: 'openai:gpt-4o-mini' }, evaluation: { cases: 10, turns } };\n`;
  expect(await readConfig(await file('a.mts', typed))).toEqual(EXPECTED);
  expect(await readConfig(await file('empty.yaml', ''))).toEqual({});
});

test('a module may hold models that it made itself', () => {
  const model = scriptedModel('Hello.');
  expect(checkConfig({ models: { judge: model } }, 'aloe.config.ts').models?.judge).toBe(model);
});

describe('a mistake is named with its place', () => {
  test.each([
    [
      'a misspelt option',
      { conversations: { truns: 3 } },
      'conversations has no option "truns". Did you mean "turns"?',
    ],
    ['an unknown section', { colour: 1 }, 'has no option "colour". It has: $schema, run, files, seed'],
    [
      'a number out of range',
      { evaluation: { turns: 0 } },
      'evaluation.turns: expected a whole number from 1 to 450, got 0.',
    ],
    ['a text for a number', { seed: 'seven' }, 'seed: expected a whole number of at least 0, got "seven".'],
    ['an unknown format', { export: { formats: ['trl'] } }, 'export.formats.0: expected one of axolotl-dpo,'],
    [
      'an unknown method',
      { evaluation: { candidates: [{ method: 'magic' }] } },
      'evaluation.candidates.0: expected a candidate',
    ],
    [
      'a key in place of its variable',
      { models: { judge: { model: 'gpt', apiKey: 'x' } } },
      'models.judge has no option "apiKey". It has: model, baseUrl, keyEnv,',
    ],
    ['a list', [], 'the config: expected options by name, got []'],
    ['a missing base', { training: {} }, 'training.base: expected a text, got nothing'],
    ['a bigint', { seed: 5n }, 'seed: expected a whole number of at least 0, got 5.'],
    ['a function', () => ({}), 'the config: expected options by name, got a function.'],
    [
      'an object that JSON cannot hold',
      { seed: { of: 5n } },
      'seed: expected a whole number of at least 0, got an object.',
    ],
    ['no number', { seed: Number.NaN }, 'seed: expected a whole number of at least 0, got NaN.'],
    ['a polluted table', JSON.parse('{"__proto__": {"run": "x"}}'), 'has no option "__proto__".'],
  ])('%s', (_name, config, message) => {
    expect(() => checkConfig(config, 'aloe.config.yaml')).toThrow(`aloe.config.yaml: ${message}`);
  });

  test.each([
    ['c.yaml', 'models: [', 'is not YAML: '],
    ['c.json', '{', 'is not JSON: '],
    ['two.yaml', 'seed: 1\n---\nseed: 2\n', 'It has a second document, which begins at line 2, column 1.'],
    ['latin.yaml', Buffer.from('run: caf\u00e9\n', 'latin1'), 'is not UTF-8 text.'],
    ['tag.yaml', "run: !!js/function 'x'\n", 'is not YAML: Unresolved tag'],
    [
      'circle.yaml',
      'training:\n  base: x\n  sftOptions: &a\n    b: *a\n',
      'is not YAML: Converting circular structure',
    ],
    ['laughs.yaml', billionLaughs(), 'is not YAML: Excessive alias count'],
    ['c.mts', 'export const config = {};\n', 'has no default export. Write: export default defineConfig'],
    ['d.mts', 'export default {\n', 'cannot be loaded: '],
  ])('%s', async (name, text, message) => {
    const reading = readConfig(await file(name, text));
    await expect(reading).rejects.toThrow(InvalidFileError);
    await expect(reading).rejects.toThrow(message);
  });

  test('a file that is not there', async () => {
    await expect(readConfig(join(dir, 'none.yaml'))).rejects.toThrow('Run `aloe init`');
    await expect(readConfig(join(dir, 'none.ts'))).rejects.toThrow('Run `aloe init`');
  });
});
