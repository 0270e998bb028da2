import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { InvalidFileError } from '../../src/errors.ts';
import { readJsonFile } from '../../src/internal/json-file.ts';

let path: string;
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'aloe-json-')), 'thing.json');
});
afterAll(() => rm(join(path, '..'), { recursive: true }));

const read = () =>
  readJsonFile(path, z.object({ size: z.number() }), { what: 'a thing', hint: 'Give it a thing.' });

test('a file is given when it holds what is expected, also with the mark that Windows editors put first', async () => {
  await writeFile(path, '\uFEFF{"size":3}');
  expect(await read()).toEqual({ size: 3 });
});

test.each([
  ['{"size":"3"}', /is not a thing: .*number.* at size Give it a thing\.$/],
  ['{"size":', /is not JSON\.$/],
])('%s is refused with the reason', async (text, message) => {
  await writeFile(path, text);
  await expect(read()).rejects.toThrow(InvalidFileError);
  await expect(read()).rejects.toThrow(message);
});

test('a file that is not there is refused with its name', async () => {
  await rm(path);
  await expect(read()).rejects.toThrow(`${path}: cannot be read (ENOENT`);
});
