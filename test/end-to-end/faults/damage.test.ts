import { copyFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { InvalidFileError } from '../../../src/errors.ts';
import { type Random, seededRandom } from '../../../src/internal/random.ts';
import { Journal, type JournalRecovery } from '../../../src/runs/journal/journal.ts';

const ROWS = 120;
const SEEDS = Array.from({ length: process.env.ALOE_HEAVY === '1' ? 400 : 12 }, (_, seed) => seed);
const PAGE = 4_096;
/** The shortest rows take about 180 bytes. */
const MOST_ROWS_OF_A_PAGE = 24;

/** Journals to be damaged. */
let models: string;
let folder: string;
let path: string;
let recoveries: JournalRecovery[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-damage-'));
  path = join(folder, 'journal.sqlite');
  recoveries = [];
});
afterEach(() => rm(folder, { recursive: true }));

const keyOf = (index: number) => `key-${String(index * 7_919).padStart(60, '0')}`;
/** Some fit into their page, some go over into others. */
const answerOf = (index: number) =>
  JSON.stringify({
    text: `${index}: ${'Bees, ä\u{1F33F}. '.repeat(index % 40 === 0 ? 900 : (index * 13) % 90)}`,
  });

async function fill(journal: Journal, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index += 4) {
    await Promise.all(
      [0, 1, 2, 3].map((more) => {
        const usage = { inputTokens: 10, cachedInputTokens: 0, outputTokens: 1 };
        return journal.put(keyOf(index + more), 'place', answerOf(index + more), { model: 'm', usage });
      }),
    );
  }
}

/** What a killed process leaves, half of the rows in the main file and half in the log; and what a closed one does. */
beforeAll(async () => {
  models = await mkdtemp(join(tmpdir(), 'aloe-damage-models-'));
  const source = join(models, 'closed.sqlite');
  let journal = new Journal(source);
  await fill(journal, 0, ROWS / 2);
  journal.close();
  journal = new Journal(source);
  await fill(journal, ROWS / 2, ROWS);
  for (const suffix of ['', '-wal']) {
    await copyFile(`${source}${suffix}`, join(models, `killed.sqlite${suffix}`));
  }
  journal.close();
});
afterAll(() => rm(models, { recursive: true }));

const closedJournal = () => copyFile(join(models, 'closed.sqlite'), path);

async function killedJournal(): Promise<void> {
  for (const suffix of ['', '-wal']) {
    await copyFile(join(models, `killed.sqlite${suffix}`), `${path}${suffix}`);
  }
}

function open(): Journal {
  return new Journal(path, { onRecovered: (recovery) => recoveries.push(recovery) });
}

/** Resumes on the journal: asks for every row, pays for what is missing, and closes. Returns what was paid for. */
async function resume(): Promise<number[]> {
  const journal = open();
  const missing: number[] = [];
  for (let index = 0; index < ROWS; index++) {
    const value = journal.get(keyOf(index));
    if (value === undefined) missing.push(index);
    else expect(value).toBe(answerOf(index));
  }
  const paid = missing.map(answerOf);
  const stored = missing.map((index, at) => journal.put(keyOf(index), 'place', paid[at]!));
  expect(await Promise.all(stored)).toEqual(paid);
  journal.close();
  return missing;
}

/** Long rows take pages far from where they begin, and may be missing before the others. */
function expectLastRows(missing: readonly number[]): void {
  const isShort = (index: number) => index % 40 > 0;
  const short = missing.filter(isShort);
  const all = Array.from({ length: ROWS }, (_, index) => index).filter(isShort);
  expect(short).toEqual(all.slice(all.length - short.length));
}

async function flip(file: string, random: Random, bytes: number, from = 0): Promise<void> {
  const content = await readFile(file);
  for (let count = 0; count < bytes; count++) {
    const at = from + Math.floor(random() * (content.length - from));
    content[at] = content[at]! ^ (1 << Math.floor(random() * 8));
  }
  await writeFile(file, content);
}

/** After a resume the journal is whole again: another one finds everything, and SQLite finds nothing to say. */
async function expectWhole(): Promise<void> {
  expect(await resume()).toEqual([]);
  const database = new DatabaseSync(path, { readOnly: true });
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  database.close();
}

describe('a log of latest writes that is damaged', () => {
  test.each(SEEDS)('and ends somewhere costs what comes after that (cut %i)', async (seed) => {
    await killedJournal();
    const { size } = await stat(`${path}-wal`);
    await truncate(`${path}-wal`, Math.floor(seededRandom(seed)() * size));
    const missing = await resume();
    expectLastRows(missing);
    expect(missing.length).toBeLessThanOrEqual(ROWS / 2);
    expect(recoveries).toEqual([]);
    await expectWhole();
  });

  test.each(SEEDS)('in one byte costs the rows of one page at most (byte %i)', async (seed) => {
    await killedJournal();
    await flip(`${path}-wal`, seededRandom(seed), 1);
    expect((await resume()).length).toBeLessThanOrEqual(MOST_ROWS_OF_A_PAGE);
    await expectWhole();
  });

  test('in many bytes costs some rows, never the resume', async () => {
    await killedJournal();
    await flip(`${path}-wal`, seededRandom(1), 30);
    expect((await resume()).length).toBeLessThan(ROWS / 2);
    await expectWhole();
  });
});

describe('a main file that is damaged', () => {
  test.each(SEEDS)('in one byte costs the rows of one page at most (byte %i)', async (seed) => {
    await closedJournal();
    await flip(path, seededRandom(seed), 1);
    expect((await resume()).length).toBeLessThanOrEqual(MOST_ROWS_OF_A_PAGE);
    await expectAllKept();
  });

  test.each(Array.from({ length: 20 }, (_, page) => page))(
    'in a whole page costs the rows of that page (page %i)',
    async (page) => {
      await closedJournal();
      const content = await readFile(path);
      content.fill(0xa5, page * PAGE, (page + 1) * PAGE);
      await writeFile(path, content);
      expect((await resume()).length).toBeLessThanOrEqual(MOST_ROWS_OF_A_PAGE);
      await expectAllKept();
    },
  );

  test.each(SEEDS)('and ends somewhere keeps what stands before (cut %i)', async (seed) => {
    await closedJournal();
    const { size } = await stat(path);
    const kept = Math.floor(size * (0.1 + 0.85 * seededRandom(seed)()));
    await truncate(path, kept);
    const missing = await resume();
    expectLastRows(missing);
    expect(recoveries).toHaveLength(1);
    expect((await stat(recoveries[0]!.keptAs)).size).toBe(kept);
    await expectWhole();
  });

  test('and empty, beside a log that is whole, costs what was not in the log', async () => {
    await killedJournal();
    await truncate(path, 0);
    const missing = await resume();
    expect(missing.length).toBeLessThanOrEqual(ROWS / 2);
    await expectWhole();
  });

  async function expectAllKept(): Promise<void> {
    expect(await resume()).toEqual([]);
    for (const { kept, keptAs } of recoveries) {
      expect(kept).toBeGreaterThanOrEqual(ROWS - MOST_ROWS_OF_A_PAGE);
      expect(await readdir(folder)).toContain(keptAs.slice(folder.length + 1));
    }
  }
});

describe('a damage that shows while the journal is open', () => {
  test('is mended there and then, and says what is kept, what is lost and where the damaged file is', async () => {
    await closedJournal();
    const content = await readFile(path);
    // The second half of the pages, so that it opens and most keys are not reached.
    content.fill(0xff, Math.floor(content.length / PAGE / 2) * PAGE, content.length);
    await writeFile(path, content);
    const missing = await resume();
    expect(missing.length).toBeGreaterThan(0);
    expect(recoveries).toEqual([
      {
        kept: ROWS - missing.length,
        lost: expect.any(Number),
        keptAs: join(folder, 'journal.damaged-1.sqlite'),
      },
    ]);
    expect(await readFile(join(folder, 'journal.damaged-1.sqlite'))).toEqual(content);
    await expectWhole();
  });

  test('when it is written, the rows that are being written are written to the new file', async () => {
    await closedJournal();
    const content = await readFile(path);
    content.fill(0xff, 2 * PAGE, 3 * PAGE);
    await writeFile(path, content);
    const journal = open();
    const rows = Array.from({ length: 200 }, (_, index) => `new-${index * 31}`);
    await Promise.all(rows.map((key) => journal.put(key, 'place', key)));
    expect(rows.map((key) => journal.get(key))).toEqual(rows);
    journal.close();
    expect(recoveries).toHaveLength(1);
  });
});

describe('a row that is not what was written', () => {
  test.each([
    ['a text that is not JSON', `UPDATE calls SET value = 'no JSON'`],
    ['another answer', `UPDATE calls SET value = replace(value, 'Bees', 'Wasps')`],
    ['other JSON', `UPDATE calls SET value = '[]'`],
    ['bytes', `UPDATE calls SET value = x'00ff'`],
    ['other costs', 'UPDATE calls SET input_tokens = 1'],
    [
      'the answer of another call',
      `UPDATE calls SET value = (SELECT value FROM calls WHERE key = '${keyOf(9)}')`,
    ],
  ])('%s, is missing, and the next answer takes its place', async (_what, update) => {
    await closedJournal();
    const database = new DatabaseSync(path);
    expect(database.prepare(`${update} WHERE key = '${keyOf(5)}'`).run().changes).toBe(1);
    database.close();
    expect(await resume()).toEqual([5]);
    expect(recoveries).toEqual([]);
    await expectWhole();
  });
});

describe('a replacement', () => {
  test('that a kill cut short is finished or begun again by the next opening', async () => {
    await closedJournal();
    const whole = await readFile(path);
    // Killed while the new journal was being made.
    await writeFile(`${path}.replacement`, whole.subarray(0, PAGE));
    expect(await resume()).toEqual([]);
    // Killed when the damaged one had just left its place; its log is still there.
    await writeFile(`${path}.replacement`, whole);
    await writeFile(join(folder, 'journal.damaged-1.sqlite'), 'damaged');
    await writeFile(`${path}-wal`, 'its log');
    await rm(path);
    expect(await resume()).toEqual([]);
    expect(await readFile(join(folder, 'journal.damaged-1.sqlite-wal'), 'utf8')).toBe('its log');
  });

  test('is not made of a file that never was a journal', async () => {
    await writeFile(path, 'a text of somebody’s own\n'.repeat(1_000));
    expect(open).toThrow(InvalidFileError);
    expect(await readdir(folder)).toEqual(['journal.sqlite']);
  });
});
