import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InvalidFileError } from '../../src/errors.ts';
import { type ExportedRecord, readPreferenceRecords } from '../../src/preferences/preference-file.ts';
import { preferenceRecords } from '../../src/preferences/records.ts';
import { fixtureTrees } from './trees.ts';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-preference-file-'));
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const [record] = preferenceRecords(fixtureTrees()[0]!);
const line = { ...record!, split: 'train', dropped: { pair: 'nothing-revealed', demonstration: null } };

const read = async (...rows: readonly unknown[]) => {
  const path = join(dir, 'preferences.jsonl');
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const records: ExportedRecord[] = [];
  for await (const record of readPreferenceRecords(path)) records.push(record);
  return records;
};

test('reads records back as they were written', async () => {
  expect(await read(line, line)).toEqual([line, line]);
});

test.each([
  ['another schema', { ...line, schema: 'aloe-preference/9' }],
  ['no split', { ...line, split: undefined }],
  ['an unknown reason', { ...line, dropped: { pair: 'too-rude', demonstration: null } }],
  ['no text', { ...line, preferred: null }],
])('names the line that has %s', async (_name, wrong) => {
  await expect(read(line, wrong)).rejects.toThrow(InvalidFileError);
  await expect(read(line, wrong)).rejects.toThrow('line 2 is not a preference record');
});
