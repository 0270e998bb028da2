import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trainingBackendConformance, writeFakeTrainer } from '../../../src/testing/index.ts';
import { local } from '../../../src/training/backends/local.ts';
import { makeSmallJob } from '../small-job.ts';

let folder: string;
let python: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aloe local's $(touch pwned) [b] *? $HOME \\ %j-"));
  python = await writeFakeTrainer(join(folder, 'bin dir', 'python'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('local', () => {
  let jobs = 0;
  const checks = trainingBackendConformance({
    create: () => local({ dir: join(folder, 'jobs'), python }),
    job: (kind, name) =>
      makeSmallJob(join(folder, 'data'), {
        name,
        sftOptions: { seed: jobs++, max_steps: 2 },
        dpoOptions: { max_steps: kind === 'long' ? 10_000 : 2 },
        environment: { NASTY: "it's $HOME `x`\n", ...(kind === 'failing' && { FAKE_EXIT_CODE: '7' }) },
      }),
    unknown: (handle) => ({ ...handle, id: 'none', location: { folder: join(folder, 'none') } }),
    failingExitCode: 7,
    pollMs: 50,
    timeoutMs: 50_000,
  });
  test.each(checks)('$name', ({ run }) => run());

  test('refuses an unknown option with the nearest known one', () => {
    const options: object = { graceSeconds: 5 };
    expect(() => local(options)).toThrow('local() has no option "graceSeconds". Did you mean "graceMs"?');
  });
});
