import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { readReleasedCases } from '../../src/benchmark/released-cases.ts';
import { InvalidFileError } from '../../src/errors.ts';
import type { FileWarning } from '../../src/personas/released-files.ts';

let dir: string;
let profiles: string;
let personalities: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-released-cases-'));
  profiles = join(dir, 'profile_eval.jsonl');
  personalities = join(dir, 'personality_eval.jsonl');
  await writeFile(
    profiles,
    '"She is 34. Has a son."\n"He fixes cars."\n"They sail. They are 50." "She knits."\n',
  );
  await writeFile(personalities, '"She is shy. She is kind."\n"He is loud."\n"She is calm."\n');
});
afterAll(() => rm(dir, { recursive: true }));

describe('readReleasedCases', () => {
  it('crosses the first profiles with the first personalities, which cases then share by id', async () => {
    const cases = await readReleasedCases(
      { profiles, personalities },
      { maxProfiles: 3, maxPersonalities: 2 },
    );
    expect(cases.map(({ id }) => id)).toEqual([
      'profile-eval-001+personality-eval-001',
      'profile-eval-001+personality-eval-002',
      'profile-eval-002+personality-eval-001',
      'profile-eval-002+personality-eval-002',
      'profile-eval-003+personality-eval-001',
      'profile-eval-003+personality-eval-002',
    ]);
    expect(cases[1]!.persona).toEqual({
      id: 'profile-eval-001+personality-eval-002',
      profile: { id: 'profile-eval-001', facts: ['She is 34', 'Has a son'] },
      personality: { id: 'personality-eval-002', traits: ['He is loud'] },
    });
  });

  it('tells of damage in the files', async () => {
    const warnings: FileWarning[] = [];
    await readReleasedCases(
      { profiles, personalities },
      {
        maxProfiles: 4,
        maxPersonalities: 1,
        onWarning: (warning) => warnings.push(warning),
      },
    );
    expect(warnings).toMatchObject([{ file: 'profile_eval.jsonl', line: 3 }]);
  });

  it('refuses a file with fewer entries than asked for, and numbers out of range', async () => {
    const short = readReleasedCases({ profiles, personalities });
    await expect(short).rejects.toThrow(InvalidFileError);
    await expect(short).rejects.toThrow('profile_eval.jsonl: has 4 entries; at least 20 are needed');
    await expect(readReleasedCases({ profiles, personalities }, { maxProfiles: 0 })).rejects.toThrow(
      '"maxProfiles"',
    );
  });

  const released = '../shared/data/aloe-release';
  test.runIf(existsSync(released))("reads the authors' files as 20 x 5 = 100 cases", async () => {
    const cases = await readReleasedCases(
      {
        profiles: join(released, 'profile_eval.jsonl'),
        personalities: join(released, 'personality_eval.jsonl'),
      },
      { onWarning: (warning) => expect.fail(warning.message) },
    );
    expect(new Set(cases.map(({ id }) => id)).size).toBe(100);
    expect(new Set(cases.map(({ persona }) => persona.profile.id)).size).toBe(20);
    expect(new Set(cases.map(({ persona }) => persona.personality.id)).size).toBe(5);
    expect(cases[0]!.persona.profile.facts[0]).toContain('33-year-old mechanical engineer');
  });
});
