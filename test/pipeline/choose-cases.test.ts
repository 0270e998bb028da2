import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aloeCases } from '../../src/benchmark/aloe-cases.ts';
import { InvalidFileError, InvalidOptionError } from '../../src/errors.ts';
import { chooseCases } from '../../src/pipeline/choose-cases.ts';

const OPTIONS = { seed: 7, option: 'cases' };

describe('the cases of an evaluation', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-cases-'));
    const lines = (count: number, text: string) =>
      Array.from({ length: count }, (_, index) => `${JSON.stringify(`${text} ${index}.`)}\n`).join('');
    await mkdir(join(folder, '1 release'));
    await writeFile(join(folder, '1 release', 'profile_eval.jsonl'), lines(21, 'She has cats:'));
    await writeFile(join(folder, '1 release', 'personality_eval.jsonl'), lines(7, 'She is calm:'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('is a number of ALOE cases, drawn by the seed', async () => {
    expect(await chooseCases(3, OPTIONS)).toEqual(aloeCases({ count: 3, seed: 7 }));
    await expect(chooseCases(0, OPTIONS)).rejects.toThrow('a whole number from 1 to 100, got 0');
    await expect(chooseCases(2.5, OPTIONS)).rejects.toThrow(InvalidOptionError);
  });

  test('is the directory of the release, of which it takes 20 profiles with 5 personalities', async () => {
    const cases = await chooseCases(join(folder, '1 release'), OPTIONS);
    expect(cases).toHaveLength(100);
    expect(new Set(cases.map(({ persona }) => persona.profile.id)).size).toBe(20);
    expect(cases[0]!.persona.profile.facts).toEqual(['She has cats: 0']);
  });

  test('is nothing else', async () => {
    await expect(chooseCases('many', OPTIONS)).rejects.toThrow(
      'Option "cases": expected a number of ALOE cases, or',
    );
    await expect(chooseCases(' ', OPTIONS)).rejects.toThrow(InvalidOptionError);
    await expect(chooseCases(folder, OPTIONS)).rejects.toThrow(InvalidFileError);
  });
});
