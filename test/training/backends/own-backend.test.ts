import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { shell } from '../../../examples/own-backend.ts';
import { trainingBackendConformance, writeFakeTrainer } from '../../../src/testing/index.ts';
import { makeSmallJob } from '../small-job.ts';

let folder: string;
let python: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aloe own's $(touch pwned) [b]-"));
  python = await writeFakeTrainer(join(folder, 'python'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the backend of examples/own-backend.ts', () => {
  let jobs = 0;
  const checks = trainingBackendConformance({
    create: () => shell({ dir: join(folder, 'jobs'), python }),
    job: (kind, name) =>
      makeSmallJob(join(folder, 'data'), {
        name,
        sftOptions: { seed: jobs++, max_steps: 2 },
        dpoOptions: { max_steps: kind === 'long' ? 10_000 : 2 },
        environment: kind === 'failing' ? { FAKE_EXIT_CODE: '7' } : {},
      }),
    unknown: (handle) => ({ ...handle, id: 'none', location: { dir: join(folder, 'none') } }),
    failingExitCode: 7,
    pollMs: 50,
  });
  test.each(checks)('$name', ({ run }) => run());
});
