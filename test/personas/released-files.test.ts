import { existsSync } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRatingsCsv } from '../../src/agreement/ratings-csv.ts';
import { InvalidFileError } from '../../src/errors.ts';
import { PersonaPool } from '../../src/personas/persona-pool.ts';
import { readReleasedFile } from '../../src/personas/released-files.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-released-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, text);
  return path;
}

describe('readReleasedFile', () => {
  it('reads a line of any length, and names it if its string does not end', async () => {
    const path = join(dir, 'long.jsonl');
    const long = `I keep ${'very '.repeat(2_000_000)}old bees.`;
    await writeFile(path, `${JSON.stringify(long)}\n`);
    const { entries } = await readReleasedFile(path);
    expect(entries[0]!.statements).toHaveLength(1);
    await writeFile(path, `"A."\n${JSON.stringify(long).slice(0, -1)}\n`);
    const reading = readReleasedFile(path);
    await expect(reading).rejects.toThrow(InvalidFileError);
    await expect(reading).rejects.toThrow('line 2 is not a JSON string.');
  });

  it('refuses a file above 256 MiB, as do ratings', async () => {
    const path = join(dir, 'huge.csv');
    await writeFile(path, '');
    await truncate(path, 600_000_000);
    for (const read of [readReleasedFile, readRatingsCsv]) {
      await expect(read(path)).rejects.toThrow(InvalidFileError);
      await expect(read(path)).rejects.toThrow('the file is longer than 256 MiB.');
    }
  });

  it('reads one text per line, split into sentences, with ids from the file name', async () => {
    const path = await file(
      'profile_eval.jsonl',
      '\uFEFF"She is 34. Has a son."\r\n\r\n"He \\"fixes\\" cars."\n',
    );
    expect(await readReleasedFile(path)).toEqual({
      entries: [
        { id: 'profile-eval-001', statements: ['She is 34', 'Has a son'] },
        { id: 'profile-eval-002', statements: ['He "fixes" cars'] },
      ],
      warnings: [],
    });
  });

  it('keeps both texts of a line with two, and warns', async () => {
    const path = await file('two.jsonl', '"First."\n"Second \\" one." "Third."\n"Fourth."\n');
    const { entries, warnings } = await readReleasedFile(path);
    expect(entries.map(({ statements }) => statements[0])).toEqual([
      'First',
      'Second " one',
      'Third',
      'Fourth',
    ]);
    expect(warnings).toEqual([
      { file: 'two.jsonl', line: 2, message: expect.stringContaining('2 JSON strings') },
    ]);
  });

  it('warns about a line without words', async () => {
    const { entries, warnings } = await readReleasedFile(await file('empty.jsonl', '"A."\n""\n'));
    expect(entries).toHaveLength(1);
    expect(warnings).toMatchObject([{ line: 2 }]);
  });

  it.each(['{"a": 1}', '"open', '"one" two', '"bad \\x escape"', '[]'])(
    'rejects the line %s',
    async (line) => {
      const path = await file('bad.jsonl', `"Fine."\n${line}\n`);
      await expect(readReleasedFile(path)).rejects.toThrow(/bad\.jsonl: line 2/);
      await expect(readReleasedFile(path)).rejects.toThrow(InvalidFileError);
    },
  );

  it('rejects a missing file', async () => {
    await expect(readReleasedFile(join(dir, 'none.jsonl'))).rejects.toThrow(InvalidFileError);
  });
});

const released = '../shared/data/aloe-release';

describe.runIf(existsSync(released))("the authors' own files", () => {
  const paths = { profiles: `${released}/profile.jsonl`, personalities: `${released}/personality.jsonl` };

  it('contain 331 profiles, two of them on line 6', async () => {
    const pool = await PersonaPool.fromReleasedFiles(paths);
    expect(pool.size).toEqual({ profiles: 331, personalities: 71 });
    expect(pool.warnings).toMatchObject([{ file: 'profile.jsonl', line: 6 }]);
    expect(pool.profiles[5]!.facts[0]).toMatch(/^He is a 37-year-old software engineer/);
    expect(pool.profiles[6]!.facts[0]).toMatch(/^He is a 46-year-old high school history teacher/);
    expect(pool.personas()).toHaveLength(3310);
    expect(pool.data.origins.profiles['profile-331']).toBe('released');
  });

  it('contain 20 profiles and 7 personalities for evaluation', async () => {
    const profiles = await readReleasedFile(`${released}/profile_eval.jsonl`);
    const personalities = await readReleasedFile(`${released}/personality_eval.jsonl`);
    expect([profiles.entries.length, personalities.entries.length]).toEqual([20, 7]);
    expect([...profiles.warnings, ...personalities.warnings]).toEqual([]);
  });

  it('are unchanged after saving and reading', async () => {
    const pool = await PersonaPool.fromReleasedFiles(paths);
    await pool.save(join(dir, 'pool.json'));
    expect((await PersonaPool.read(join(dir, 'pool.json'))).data).toEqual(pool.data);
  });
});
