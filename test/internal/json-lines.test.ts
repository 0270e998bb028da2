import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InvalidFileError } from '../../src/errors.ts';
import { type JsonLine, readJsonLines } from '../../src/internal/json-lines.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-lines-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(content: string | Uint8Array): Promise<JsonLine[]> {
  const path = join(folder, 'file.jsonl');
  await writeFile(path, content);
  return Array.fromAsync(readJsonLines(path));
}

describe('readJsonLines', () => {
  test('returns each line with its number, and skips empty ones', async () => {
    expect(await read('{"a":1}\n\n  \n[2]\n')).toEqual([
      { lineNumber: 1, value: { a: 1 } },
      { lineNumber: 4, value: [2] },
    ]);
    expect(await read('')).toEqual([]);
  });

  test('accepts Windows line ends, a byte order mark and a last line without an end', async () => {
    expect((await read('\uFEFF{"a":1}\r\n{"a":2}\r\n{"a":3}')).map(({ value }) => value)).toEqual([
      { a: 1 },
      { a: 2 },
      { a: 3 },
    ]);
  });

  test('reads back every text that JSON can hold, including Unicode line separators', async () => {
    const texts = ['a\u2028b\u2029c\u0085d\r', '\u{1F33F}'.repeat(40_000)];
    expect(
      (await read(texts.map((text) => `${JSON.stringify(text)}\n`).join(''))).map(({ value }) => value),
    ).toEqual(texts);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue({ noUnicodeString: false })), async (values) => {
        const lines = values.map((value) => `${JSON.stringify(value)}\n`).join('');
        expect((await read(lines)).map(({ value }) => value)).toEqual(
          values.map((value) => JSON.parse(JSON.stringify(value))),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('names the line that is not JSON, after yielding those before it', async () => {
    const path = join(folder, 'damaged.jsonl');
    await writeFile(path, '{"a":1}\n{"a":\n{"a":3}\n');
    const lines = readJsonLines(path);
    expect((await lines.next()).value).toEqual({ lineNumber: 1, value: { a: 1 } });
    const error = await lines.next().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidFileError);
    expect((error as Error).message).toContain(
      'damaged.jsonl: line 2 is not JSON: expected a value at column 6.',
    );
  });

  test.each([
    ['a file that is not there', 'absent.jsonl', /no such file/],
    ['a folder', '.', /it is a directory/],
    ['a path through a file', 'file.jsonl/x', /ENOTDIR/],
  ])('says that %s cannot be read', async (_what, name, code) => {
    await writeFile(join(folder, 'file.jsonl'), '');
    const reading = Array.fromAsync(readJsonLines(join(folder, name)));
    await expect(reading).rejects.toThrow(InvalidFileError);
    await expect(reading).rejects.toThrow(code);
  });
});
