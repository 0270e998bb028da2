import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeVerified } from '../../src/weights/verified-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-verified-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('hears a source that fails as soon as it was handed over', async () => {
  const unheard: unknown[] = [];
  const onUnheard = (error: unknown) => unheard.push(error);
  process.on('uncaughtException', onUnheard);
  try {
    const source = new Readable({ read() {} });
    process.nextTick(() => source.destroy(new Error('the source broke')));
    const written = writeVerified(source, join(folder, 'deep', 'file'), { bytes: 1, sha256: '' });
    await expect(written).rejects.toThrow('the source broke');
  } finally {
    process.off('uncaughtException', onUnheard);
  }
  expect(unheard).toEqual([]);
});
