import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { InvalidFileError } from '../../src/errors.ts';
import { readJsonFile, readJsonFileIfThere } from '../../src/internal/json-file.ts';

let path: string;
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'aloe-json-')), 'thing.json');
});
afterAll(() => rm(join(path, '..'), { recursive: true }));

const schema = z.object({ size: z.number() });
const expected = { what: 'a thing', hint: 'Give it a thing.' };
const read = () => readJsonFile(path, schema, expected);
const readIfThere = () => readJsonFileIfThere(path, schema, expected);

test('a file with the expected content is read, with or without a byte order mark', async () => {
  await writeFile(path, '\uFEFF{"size":3}');
  expect(await read()).toEqual({ size: 3 });
  expect(await readIfThere()).toEqual({ size: 3 });
});

test.each([
  ['{"size":"3"}', /is not a thing: .*number.* at size\. Give it a thing\.$/],
  ['{"size":"3","schema":"other/1"}', /is not a thing: expected number, received string at size\. Give/],
  ['{\n"size":', /thing\.json: is not JSON: expected a value at line 2, column 8\.$/],
])('%s is refused with the reason', async (text, message) => {
  await writeFile(path, text);
  await expect(read()).rejects.toThrow(InvalidFileError);
  await expect(read()).rejects.toThrow(message);
  await expect(readIfThere()).rejects.toThrow(message);
});

test('a file above 256 MiB is refused', async () => {
  await truncate(path, 256 * 1024 * 1024 + 1);
  await expect(read()).rejects.toThrow(`${path}: the file is longer than 256 MiB.`);
});

test('a directory is refused with the reason', async () => {
  const dir = join(path, '..');
  await expect(readJsonFileIfThere(dir, schema, expected)).rejects.toThrow(
    `${dir}: cannot be read (it is a directory)`,
  );
});

test('a missing file is refused with its name', async () => {
  await rm(path);
  await expect(read()).rejects.toThrow(`${path}: cannot be read (no such file). Give it a thing.`);
  expect(await readIfThere()).toBeNull();
});
