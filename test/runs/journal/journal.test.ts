import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { InvalidFileError, RunConflictError, RunStorageError } from '../../../src/errors.ts';
import { Journal } from '../../../src/runs/journal/journal.ts';
import { JournalLog } from '../../../src/runs/journal/journal-log.ts';
import { openFiles } from './open-files.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-journal-'));
  path = join(folder, 'journal.sqlite');
});
afterEach(() => rm(folder, { recursive: true }));

/** What another program sees in the file. */
function readElsewhere(): unknown[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database
      .prepare('SELECT key, place, value FROM calls ORDER BY key')
      .all()
      .map((row) => ({ ...row }));
  } finally {
    database.close();
  }
}

/** Makes every insert of this key fail, as a full disk would. */
function refuseKey(key: string): void {
  const database = new DatabaseSync(path);
  database.exec(
    `CREATE TRIGGER full BEFORE INSERT ON calls WHEN NEW.key = '${key}'
     BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`,
  );
  database.close();
}

describe('a journal', () => {
  test('gives back what was put, also when it is opened again', async () => {
    const value = JSON.stringify({ text: 'ä\u2028\u0000 \u{1F33F}' });
    const journal = new Journal(path);
    expect(journal.get('a')).toBeUndefined();
    expect(await journal.put('a', 'place', value)).toBe(value);
    expect(journal.get('a')).toBe(value);
    journal.close();
    const again = new Journal(path);
    expect(again.get('a')).toBe(value);
    again.close();
  });

  test('keeps the first value of a key, and says so to who comes later', async () => {
    const journal = new Journal(path);
    expect(await journal.put('a', 'place', 'first')).toBe('first');
    expect(await journal.put('a', 'place', 'second')).toBe('first');
    expect(await Promise.all([journal.put('b', '', 'one'), journal.put('b', '', 'two')])).toEqual([
      'one',
      'one',
    ]);
    expect(journal.get('a')).toBe('first');
    journal.close();
  });

  test('has a value on disk when put resolves: another connection reads it while the journal is open', async () => {
    const journal = new Journal(path);
    await journal.put('a', 'conversations/x/1/judge/0', '"one"');
    expect(readElsewhere()).toEqual([{ key: 'a', place: 'conversations/x/1/judge/0', value: '"one"' }]);
    expect(new DatabaseSync(path).prepare('PRAGMA journal_mode').get()).toMatchObject({
      journal_mode: 'wal',
    });
    journal.close();
  });

  test('commits what comes in one tick together', async () => {
    const journal = new Journal(path);
    refuseKey('bad');
    const outcomes = await Promise.allSettled([
      journal.put('a', '', '1'),
      journal.put('bad', '', '2'),
      journal.put('b', '', '3'),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(readElsewhere()).toEqual([]);
    await journal.put('a', '', '1');
    expect(readElsewhere()).toHaveLength(1);
    journal.close();
  });

  test('commits together what comes shortly after one another', async () => {
    const journal = new Journal(path);
    const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
    const puts = [];
    for (let index = 0; index < 200; index++) {
      puts.push(journal.put(`${index}`, '', '1'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(puts);
    const commits = exec.mock.calls.filter(([sql]) => sql === 'COMMIT').length;
    exec.mockRestore();
    expect(commits).toBeGreaterThan(0);
    expect(commits).toBeLessThan(100);
    journal.close();
  });

  describe('pauses after a commit', () => {
    /** Commits one row in `commitMs`, puts another one `laterMs` after that, and says how long it is to wait. */
    async function pauseAfter(where: string, commitMs: number, laterMs: number): Promise<number | undefined> {
      let now = 10_000;
      vi.spyOn(performance, 'now').mockImplementation(() => now);
      const { exec } = DatabaseSync.prototype;
      vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, sql) {
        exec.call(this, sql);
        if (sql === 'COMMIT') now += commitMs;
      });
      const journal = new Journal(where);
      await journal.put('a', '', '1');
      now += laterMs;
      const timer = vi.spyOn(globalThis, 'setTimeout');
      const put = journal.put('b', '', '2');
      const waitMs = timer.mock.calls[0]?.[1];
      journal.close();
      await put;
      vi.restoreAllMocks();
      return waitMs;
    }

    test.each([
      ['ten milliseconds after a fast one', 0, 0, 10],
      ['ten milliseconds also where the commit blocked for one', 1, 0, 10],
      ['three times as long as a slow one blocked', 100, 0, 300],
      ['no longer than what is left of the pause', 100, 290, 10],
      ['not at all when the pause is over', 100, 300, undefined],
    ])('%s', async (_what, commitMs, laterMs, expected) => {
      expect(await pauseAfter(path, commitMs, laterMs)).toBe(expected);
    });

    test('but not in memory, where a commit costs nothing', async () => {
      expect(await pauseAfter(':memory:', 100, 0)).toBeUndefined();
    });
  });

  describe('flushes its log beside the event loop', () => {
    afterEach(() => vi.restoreAllMocks());

    /** Flushes that end when they are told to. */
    function holdFlushes() {
      const flushes: PromiseWithResolvers<void>[] = [];
      vi.spyOn(JournalLog.prototype, 'flush').mockImplementation(() => {
        const flush = Promise.withResolvers<void>();
        flushes.push(flush);
        return flush.promise;
      });
      return flushes;
    }

    /** Whether a put has ended by now. */
    const hasEnded = (put: Promise<unknown>) =>
      Promise.race([
        put.then(
          () => true,
          () => true,
        ),
        new Promise((resolve) => setTimeout(resolve, 30, false)),
      ]);

    test('and a put resolves only after it', async () => {
      const flushes = holdFlushes();
      const journal = new Journal(path);
      const put = journal.put('a', '', '1');
      expect(await hasEnded(put)).toBe(false);
      expect(readElsewhere()).toHaveLength(1);
      flushes[0]!.resolve();
      expect(await put).toBe('1');
      journal.close();
    });

    test('and what comes meanwhile is committed together, after a pause', async () => {
      const flushes = holdFlushes();
      const journal = new Journal(path);
      const first = journal.put('a', '', '1');
      expect(await hasEnded(first)).toBe(false);
      const others = [journal.put('b', '', '2'), journal.put('c', '', '3')];
      expect(await hasEnded(others[0]!)).toBe(false);
      expect(readElsewhere()).toHaveLength(1);
      flushes[0]!.resolve();
      await first;
      await vi.waitFor(() => expect(flushes).toHaveLength(2));
      expect(readElsewhere()).toHaveLength(3);
      flushes[1]!.resolve();
      expect(await Promise.all(others)).toEqual(['2', '3']);
      journal.close();
    });

    test('and tells callers if that fails, and goes on', async () => {
      const flushes = holdFlushes();
      const journal = new Journal(path);
      const put = journal.put('a', '', '1');
      await vi.waitFor(() => expect(flushes).toHaveLength(1));
      flushes[0]!.reject(new Error('EIO: i/o error, fdatasync'));
      await expect(put).rejects.toThrow(RunStorageError);
      await expect(put).rejects.toThrow(/journal cannot be written \(EIO: i\/o error, fdatasync\)/);
      const next = journal.put('b', '', '2');
      await vi.waitFor(() => expect(flushes).toHaveLength(2));
      flushes[1]!.resolve();
      expect(await next).toBe('2');
      journal.close();
    });

    test('but at once when it is closed, with what is under way and what waits', async () => {
      const flushes = holdFlushes();
      const flushNow = vi.spyOn(JournalLog.prototype, 'flushNow');
      const journal = new Journal(path);
      const first = journal.put('a', '', '1');
      await vi.waitFor(() => expect(flushes).toHaveLength(1));
      const second = journal.put('b', '', '2');
      journal.close();
      expect(await Promise.all([first, second])).toEqual(['1', '2']);
      expect(flushNow).toHaveBeenCalledOnce();
      flushes[0]!.reject(new Error('too late'));
      expect(await first).toBe('1');
      expect(await readdir(folder)).toEqual(['journal.sqlite']);
      expect(readElsewhere()).toHaveLength(2);
    });

    test('and tells callers if that fails', async () => {
      vi.spyOn(JournalLog.prototype, 'flushNow').mockImplementation(() => {
        throw new Error('EIO');
      });
      const journal = new Journal(path);
      const put = journal.put('a', '', '1');
      journal.close();
      await expect(put).rejects.toThrow(/journal cannot be written \(EIO\)/);
    });

    test('but not where there is nothing to flush', async () => {
      const flush = vi.spyOn(JournalLog.prototype, 'flush');
      const flushNow = vi.spyOn(JournalLog.prototype, 'flushNow');
      const memory = new Journal(':memory:');
      await memory.put('a', '', '1');
      const last = memory.put('b', '', '2');
      memory.close();
      expect(await last).toBe('2');
      new Journal(path).close();
      expect(flush).not.toHaveBeenCalled();
      expect(flushNow).not.toHaveBeenCalled();
    });

    test('and holds no file open afterwards', async () => {
      const journal = new Journal(path);
      await journal.put('a', '', '1');
      await journal.put('b', '', '1');
      if (process.platform === 'linux') {
        expect((await openFiles(folder)).filter((file) => file.endsWith('-wal'))).toHaveLength(2);
      }
      const last = journal.put('c', '', '1');
      await new Promise((resolve) => setImmediate(resolve));
      journal.close();
      await last;
      if (process.platform === 'linux')
        await vi.waitFor(async () => expect(await openFiles(folder)).toEqual([]));
    });
  });

  test('knows the model of what an earlier process stored at a place', async () => {
    const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 };
    const journal = new Journal(path);
    await journal.put('a', 'x/1', '1', { model: 'm', usage });
    expect(journal.earlierModel('x/1')).toBeUndefined();
    journal.close();
    const again = new Journal(path);
    expect(again.earlierModel('x/1')).toBe('m');
    expect(again.earlierModel('x/2')).toBeUndefined();
    again.close();
  });

  test('puts a new value in the place of a damaged row', async () => {
    const journal = new Journal(path);
    await journal.put('a', '', 'first');
    const other = new DatabaseSync(path);
    other.exec("UPDATE calls SET value = 'forged'");
    other.close();
    expect(journal.get('a')).toBeUndefined();
    expect(await journal.put('a', '', 'second')).toBe('second');
    expect(journal.get('a')).toBe('second');
    expect(await journal.put('a', '', 'third')).toBe('second');
    journal.close();
    expect(readElsewhere()).toEqual([{ key: 'a', place: '', value: 'second' }]);
  });

  describe('that turns out to be damaged in use', () => {
    /** Makes the next commit, or the next look-up, find damage. */
    function reportDamage(what: 'exec' | 'get'): void {
      const damaged = () => {
        vi.restoreAllMocks();
        throw Object.assign(new Error('database disk image is malformed'), { errcode: 11 });
      };
      if (what === 'exec') vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(damaged);
      else vi.spyOn(StatementSync.prototype, 'get').mockImplementation(damaged);
    }

    test.each(['exec', 'get'] as const)('(%s) is replaced, and goes on with every row', async (what) => {
      const onRecovered = vi.fn();
      const journal = new Journal(path, { onRecovered });
      await journal.put('a', '', '1');
      await journal.put('b', '', '2');
      reportDamage(what);
      if (what === 'get') expect(journal.get('a')).toBe('1');
      else expect(await journal.put('c', '', '3')).toBe('3');
      expect(onRecovered).toHaveBeenCalledExactlyOnceWith(
        expect.objectContaining({ kept: 2, lost: 0, keptAs: expect.stringContaining('journal.damaged-1') }),
      );
      expect(await journal.put('d', '', '4')).toBe('4');
      expect([journal.get('b'), journal.get('d')]).toEqual(['2', '4']);
      journal.close();
      expect((await readdir(folder)).filter((name) => name.startsWith('journal.sqlite'))).toEqual([
        'journal.sqlite',
      ]);
      expect(readElsewhere()).toHaveLength(what === 'get' ? 3 : 4);
    });

    test('in memory fails, since nothing is there to recover it from', async () => {
      const journal = new Journal(':memory:');
      reportDamage('get');
      expect(() => journal.get('a')).toThrow(/journal cannot be read \(database disk image is malformed\)/);
      journal.close();
    });
  });

  test('tells a write that fails as a storage error, and goes on', async () => {
    const journal = new Journal(path);
    refuseKey('bad');
    const error = await journal.put('bad', '', '1').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RunStorageError);
    expect((error as Error).message).toMatch(
      /journal cannot be written \(database or disk is full\).*run the program again to resume/,
    );
    expect(await journal.put('good', '', '2')).toBe('2');
    journal.close();
  });

  test('reports totals and values that cannot be read as storage errors', () => {
    const journal = new Journal(path);
    const other = new DatabaseSync(path);
    other.exec('DROP TABLE spending; DROP TABLE calls');
    other.close();
    expect(() => journal.spending()).toThrow(RunStorageError);
    expect(() => journal.spending()).toThrow(/journal cannot be read \(no such table: spending\)/);
    expect(() => journal.get('a')).toThrow(/journal cannot be read \(no such table: calls\)/);
    journal.close();
  });

  test('writes what is still waiting when it is closed, and leaves one file', async () => {
    const journal = new Journal(path);
    const put = journal.put('a', '', '1');
    journal.close();
    journal.close();
    expect(await put).toBe('1');
    expect(await readdir(folder)).toEqual(['journal.sqlite']);
    expect(readElsewhere()).toHaveLength(1);
  });

  test('refuses to be used after it was closed', async () => {
    const journal = new Journal(path);
    journal.close();
    const closed = 'The run is closed. Close it only when all work is done.';
    expect(() => journal.get('a')).toThrow(closed);
    const put = journal.put('a', '', '1');
    await expect(put).rejects.toThrow(RunStorageError);
    await expect(put).rejects.toThrow(closed);
  });

  test('lives in memory when asked to', async () => {
    const journal = new Journal(':memory:');
    await journal.put('a', '', '1');
    expect(journal.get('a')).toBe('1');
    journal.close();
    expect(await readdir(folder)).toEqual([]);
  });

  test('waits for another process that is writing, when it opens and when it commits', async () => {
    new Journal(path).close();
    const holdLock = async () => {
      const worker = new Worker(
        `const { DatabaseSync } = require('node:sqlite');
         const { parentPort, workerData } = require('node:worker_threads');
         const database = new DatabaseSync(workerData);
         database.exec('BEGIN EXCLUSIVE');
         parentPort.postMessage('locked');
         Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
         database.exec('COMMIT');
         database.close();`,
        { eval: true, workerData: path },
      );
      await new Promise((resolve) => worker.once('message', resolve));
      return { released: new Promise((resolve) => worker.once('exit', resolve)) };
    };
    const first = await holdLock();
    const journal = new Journal(path);
    await first.released;
    const second = await holdLock();
    expect(await journal.put('a', '', '1')).toBe('1');
    await second.released;
    journal.close();
  });
});

describe('a file that is no journal of this version', () => {
  test('of a newer version is left alone, and said to be newer', () => {
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => new Journal(path)).toThrow(RunConflictError);
    expect(() => new Journal(path)).toThrow(
      /newer version of aloe-align \(its journal version is 99.*Update aloe-align/,
    );
  });

  test('damaged or something else is told as an invalid file', async () => {
    await writeFile(path, 'this is a text, and a rather long one for that matter\n'.repeat(100));
    expect(() => new Journal(path)).toThrow(InvalidFileError);
    expect(() => new Journal(path)).toThrow(/journal\.sqlite: is not a journal/);
  });

  test('a folder, or a place that does not exist, cannot be opened', async () => {
    await mkdir(path);
    expect(() => new Journal(path)).toThrow(RunStorageError);
    expect(() => new Journal(join(folder, 'absent', 'journal.sqlite'))).toThrow(RunStorageError);
  });
});

describe('a journal from somebody else', () => {
  const REWRITE = "BEGIN UPDATE calls SET value = 'forged' WHERE key = NEW.key; END";

  async function makeWith(sql: string): Promise<void> {
    const journal = new Journal(path);
    await journal.put('a', 'place', 'mine');
    journal.close();
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
  }

  test.each([
    ['trigger "rewrite"', `CREATE TRIGGER rewrite AFTER INSERT ON calls ${REWRITE}`],
    ['view "answers"', 'CREATE VIEW answers AS SELECT value FROM calls'],
    ['table "more"', 'CREATE TABLE more (a)'],
  ])('with the %s is refused by name', async (what, sql) => {
    await makeWith(sql);
    expect(() => new Journal(path)).toThrow(InvalidFileError);
    expect(() => new Journal(path)).toThrow(`${path}: has the ${what}, which is not a journal's.`);
  });

  test("with a trigger in place of the journal's own is replaced, and keeps its answers", async () => {
    await makeWith(`DROP TRIGGER book_call; CREATE TRIGGER book_call AFTER INSERT ON calls ${REWRITE}`);
    const onRecovered = vi.fn();
    const journal = new Journal(path, { onRecovered });
    expect(onRecovered).toHaveBeenCalledWith(expect.objectContaining({ kept: 1, lost: 0 }));
    expect(journal.get('a')).toBe('mine');
    expect(await journal.put('b', 'place', 'second')).toBe('second');
    journal.close();
  });
});
