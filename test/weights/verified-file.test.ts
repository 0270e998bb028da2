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

it('listens to its source at once, since an unhandled error would end the process', async () => {
  const source = new Readable({ read() {} });
  const written = writeVerified(source, join(folder, 'deep', 'file'), { bytes: 1, sha256: '' });
  expect(source.listenerCount('error')).toBeGreaterThan(0);
  source.destroy(new Error('the source broke'));
  await expect(written).rejects.toThrow('the source broke');
});
