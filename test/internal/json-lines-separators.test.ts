import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readJsonLines } from '../../src/internal/json-lines.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-separators-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(content: string | Uint8Array): Promise<string> {
  const path = join(folder, 'file.jsonl');
  await writeFile(path, content);
  return path;
}

const read = async (content: string) => Array.fromAsync(readJsonLines(await write(content)));

test.each([
  ['U+2028', '\u2028'],
  ['U+2029', '\u2029'],
  ['U+0085', '\u0085'],
])('%s inside a string does not end a line', async (_name, separator) => {
  const text = `one${separator}two`;
  expect(await read(`"${text}"\n"next"\n`)).toEqual([
    { lineNumber: 1, value: text },
    { lineNumber: 2, value: 'next' },
  ]);
});

test('a lone carriage return does not end a line, and before a line feed it is ignored', async () => {
  expect(await read('[1,\r2]\r\n[3]\r\n\r\n[4]')).toEqual([
    { lineNumber: 1, value: [1, 2] },
    { lineNumber: 2, value: [3] },
    { lineNumber: 4, value: [4] },
  ]);
});

test('a character split across two chunks of the file is read whole', async () => {
  const text = `x${'ä🌿'.repeat(60_000)}`;
  const lines = [text, `${text}y`];
  const values = await read(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  expect(values.map(({ value }) => value)).toEqual(lines);
});

test('a line of many megabytes is read', async () => {
  const text = 'a'.repeat(24 * 1024 * 1024);
  const [only] = await read(JSON.stringify(text));
  expect(only!.value).toBe(text);
});

test('the file is read only as fast as its lines are requested', async () => {
  // Damage far behind the first line is not met when only the first line is wanted.
  const lines = readJsonLines(await write(`{"a":1}\n${'{"b":2}\n'.repeat(50_000)}{`));
  expect((await lines.next()).value).toEqual({ lineNumber: 1, value: { a: 1 } });
  await lines.return(undefined);
});
