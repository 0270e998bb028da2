import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openSubmission, saveSubmission } from '../../src/cli/train/submission.ts';
import { AloeError, InvalidOptionError } from '../../src/errors.ts';
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

  async function write(engine: object): Promise<string> {
    const path = join(folder, 'written.json');
    await writeFile(path, JSON.stringify({ schema: 'aloe-submission/2', engine, handle: handle('x') }));
    return path;
  }

  test('does not choose which key its server gets: the user names the variable again', async () => {
    vi.stubEnv('SOME_KEY', 'canary-0123456789');
    const flags = { 'base-url': 'https://elsewhere.example/v1', 'key-env': 'SOME_KEY' };
    const path = await write({ engine: 'hosted', flags });
    const failure = await openSubmission(path).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidOptionError);
    expect((failure as Error).message).toMatch(
      /key for https:\/\/elsewhere.example\/v1, got undefined\. .*--key-env SOME_KEY/,
    );
    expect((failure as Error).message).not.toContain('canary');
    expect((await openSubmission(path, 'SOME_KEY')).handle.id).toBe('x');
    await expect(openSubmission(path, 'NOT_SET')).rejects.toThrow(InvalidOptionError);
    vi.unstubAllEnvs();
  });

  test.each<[string, object]>([
    ['an engine that is none', { engine: '__proto__', flags: {} }],
    ['a flag of another engine', { engine: 'local', flags: { address: 'http://127.0.0.1:9' } }],
    ['a key for an engine without one', { engine: 'local', flags: { 'key-env': 'HOME' } }],
    ['an engine without its address', { engine: 'hosted', flags: {} }],
    ['a flag that is a list', { engine: 'slurm', flags: { partition: ['--wrap=touch pwned'] } }],
    ['a NUL byte', { engine: 'local', flags: { dir: '/tmp\0/x' } }],
  ])('with %s is refused', async (_what, engine) => {
    await expect(openSubmission(await write(engine))).rejects.toThrow(AloeError);
  });

  test('keeps no key from a URL', async () => {
    const path = await save('ftjob-2', 'https://host/v1?key=canary-1&api-version=2026-01-01#canary-2');
    const { engine } = JSON.parse(await readFile(path, 'utf8'));
    expect(engine.flags['base-url']).toBe('https://host/v1?api-version=2026-01-01');
  });
});
