import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSubmission, saveSubmission } from '../../src/cli/train/submission.ts';
import type { TrainingHandle } from '../../src/training/training-backend.ts';

describe('a submission', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe submission-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const handle = (id: string): TrainingHandle => ({
    schema: 'aloe-training-handle/1',
    backend: 'hosted',
    id,
    job: { name: 'night shift', id: 'a'.repeat(64) },
    submittedAt: '2026-01-01T00:00:00.000Z',
    location: { server: 'http://host/v1', stage: 'dpo' },
  });
  const save = (id: string, url = 'http://host/v1') =>
    saveSubmission({ engine: 'hosted', flags: { dir: folder, 'base-url': url } }, handle(id));

  test.each([
    ['ftjob-1', 'ftjob-1'],
    ['../../elsewhere/x', '..%2F..%2Felsewhere%2Fx'],
    ['/etc/x', '%2Fetc%2Fx'],
    ['..\\x', '..%5Cx'],
  ])('of the job %s stays in its directory, and is found again', async (id, name) => {
    const path = await save(id);
    expect(path).toBe(join(folder, name, 'submission.json'));
    expect((await openSubmission(path)).handle).toEqual(handle(id));
  });

  test.each(['', '.', '..', 'x'.repeat(300)])('of the job "%s" is refused', async (id) => {
    await expect(save(id)).rejects.toThrow('not usable as a directory name');
  });

  test('keeps no key from a URL', async () => {
    const path = await save('ftjob-2', 'https://host/v1?key=canary-1&api-version=2026-01-01#canary-2');
    const { engine } = JSON.parse(await readFile(path, 'utf8'));
    expect(engine.flags['base-url']).toBe('https://host/v1?api-version=2026-01-01');
  });
});
