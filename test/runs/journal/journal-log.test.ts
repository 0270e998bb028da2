import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JournalLog } from '../../../src/runs/journal/journal-log.ts';
import { openFiles } from './open-files.ts';

let folder: string;
let log: JournalLog;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-journal-log-'));
  log = new JournalLog(join(folder, 'journal.sqlite'));
});
afterEach(async () => {
  log.close();
  await rm(folder, { recursive: true });
});

const writeLog = () => writeFile(join(folder, 'journal.sqlite-wal'), 'rows');

test('a log that is not there cannot be flushed', async () => {
  await expect(log.flush()).rejects.toThrow(/ENOENT.*journal\.sqlite-wal/);
  expect(() => log.flushNow()).toThrow(/ENOENT.*journal\.sqlite-wal/);
});

test('a log is opened once, whatever the number of flushes, and held until it is closed', async () => {
  await writeLog();
  await log.flush();
  await log.flush();
  log.flushNow();
  if (process.platform === 'linux') expect(await openFiles(folder)).toHaveLength(1);
  log.close();
  log.close();
  expect(await openFiles(folder)).toEqual([]);
});

test('a log that is closed while it is flushed is let go of after the flush', async () => {
  await writeLog();
  const flush = log.flush();
  log.close();
  await flush;
  expect(await openFiles(folder)).toEqual([]);
});

test('after a close, the log that is there then is flushed', async () => {
  await writeLog();
  await log.flush();
  log.close();
  await rm(join(folder, 'journal.sqlite-wal'));
  await expect(log.flush()).rejects.toThrow(/ENOENT/);
  await writeLog();
  await log.flush();
});

test('a log that was flushed at once, and never beside the program, is let go of too', async () => {
  await writeLog();
  log.flushNow();
  log.close();
  expect(await openFiles(folder)).toEqual([]);
});
