import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunStorageError } from '../../../src/errors.ts';
import { openBatchRecords } from '../../../src/models/batch/batch-records.ts';

test('a batch that cannot be noted is an error that says what is safe, and why', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'aloe-records-'));
  const records = await openBatchRecords(join(dir, 'batches.jsonl'), 'p');
  await rm(dir, { recursive: true });
  const record = { key: 'a', provider: 'p', at: new Date().toISOString(), rows: ['r'], handle: null };
  const adding = records.add(record);
  await expect(adding).rejects.toThrow(RunStorageError);
  await expect(adding).rejects.toThrow(
    /batches\.jsonl cannot be written \(ENOENT.*\)\. Saved calls are safe\./,
  );
  // What is not on disk would not be found by the next process, so it is not submitted.
  expect(records.find('r')).toBeUndefined();
});

test('a batch is found under its provider, also if the same row was tried at another one since', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'aloe-records-'));
  const path = join(dir, 'batches.jsonl');
  const at = new Date().toISOString();
  const record = (key: string, provider: string) => ({ key, provider, at, rows: ['r'], handle: null });
  const records = await openBatchRecords(path, 'p');
  await records.add(record('a', 'p'));
  await records.setHandle('a', { id: 'batch_1' });
  await (await openBatchRecords(path, 'q')).add(record('b', 'q'));
  expect((await openBatchRecords(path, 'p')).find('r')).toMatchObject({
    key: 'a',
    handle: { id: 'batch_1' },
  });
  expect((await openBatchRecords(path, 'q')).find('r')).toMatchObject({ key: 'b' });
  expect((await openBatchRecords(path, 'o')).find('r')).toBeUndefined();
  await rm(dir, { recursive: true });
});
