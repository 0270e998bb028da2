import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InvalidFileError } from '../../src/errors.ts';
import { type ByteLine, readByteLines } from '../../src/internal/byte-lines.ts';

describe('readByteLines', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aloe-lines-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  async function linesOf(content: Uint8Array | string, maxBytes = 1_000_000): Promise<ByteLine[]> {
    const path = join(dir, 'file');
    await writeFile(path, content);
    return Array.fromAsync(readByteLines(path, { maxBytes }));
  }

  test('returns every byte except line feeds, and where each line began', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ max: 12, maxLength: 60 }), async (content) => {
        const lines = await linesOf(content);
        const again = Buffer.alloc(content.length, '\n');
        for (const { bytes, offset } of lines) bytes!.copy(again, offset);
        expect(again).toEqual(Buffer.from(content));
        expect(lines.map(({ lineNumber }) => lineNumber)).toEqual(lines.map((_, index) => index + 1));
      }),
      { numRuns: 60 },
    );
  });

  test('joins lines that are longer than a chunk of the file', async () => {
    const long = 'x'.repeat(300_000);
    const lines = await linesOf(`a\n${long}\nb`);
    expect(lines.map(({ bytes }) => bytes!.toString())).toEqual(['a', long, 'b']);
  });

  test('skips a line that is too long and continues after it', async () => {
    const lines = await linesOf(`a\n${'x'.repeat(200_000)}\nb`, 100);
    expect(lines.map(({ bytes, offset }) => [bytes?.toString() ?? null, offset])).toEqual([
      ['a', 0],
      [null, 2],
      ['b', 200_003],
    ]);
  });

  test('names a file that cannot be read, and rethrows an abort', async () => {
    await expect(Array.fromAsync(readByteLines(join(dir, 'none'), { maxBytes: 9 }))).rejects.toThrow(
      InvalidFileError,
    );
    await linesOf('a\n');
    const reason = new Error('closing time');
    const signal = AbortSignal.abort(reason);
    await expect(Array.fromAsync(readByteLines(join(dir, 'file'), { maxBytes: 9, signal }))).rejects.toBe(
      reason,
    );
  });
});
