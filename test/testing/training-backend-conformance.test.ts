import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { trainingBackendConformance, writeFakeTrainer } from '../../src/testing/index.ts';
import { local } from '../../src/training/backends/local.ts';
import type { TrainingBackend } from '../../src/training/training-backend.ts';
import { makeSmallJob } from '../training/small-job.ts';

let folder: string;
let python: string;
let jobs = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-conformance-'));
  python = await writeFakeTrainer(join(folder, 'python'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs one check on a backend that keeps the contract but for what is changed. */
function check(name: string, change: (backend: TrainingBackend) => Partial<TrainingBackend>): Promise<void> {
  const checks = trainingBackendConformance({
    create() {
      const good = local({ dir: join(folder, 'jobs'), python });
      return { ...good, ...change(good) };
    },
    job: (kind, jobName) =>
      makeSmallJob(join(folder, 'data'), {
        name: jobName,
        sft: undefined,
        dpoOptions: { max_steps: kind === 'long' ? 60 : 1, seed: jobs++ },
        environment: kind === 'failing' ? { FAKE_EXIT_CODE: '7' } : {},
      }),
    unknown: (handle) => ({ ...handle, location: { folder: join(folder, 'none') } }),
    failingExitCode: 7,
    pollMs: 20,
    timeoutMs: 4_000,
  });
  return checks.find((one) => one.name.includes(name))!.run();
}

const FAULTS: readonly [
  what: string,
  name: string,
  change: (good: TrainingBackend) => Partial<TrainingBackend>,
][] = [
  [
    'gives each submission an id of its own',
    'submitting a job again',
    (good) => ({ submit: async (...call) => ({ ...(await good.submit(...call)), id: `job-${jobs++}` }) }),
  ],
  [
    'tells of a wrong hash',
    'correct hashes',
    (good) => ({
      artifacts: async (...call) => (await good.artifacts(...call)).map((file) => ({ ...file, sha256: '0' })),
    }),
  ],
  ['does not cancel', 'cancel a running job', () => ({ cancel: async () => {} })],
  [
    'calls a failure a success',
    'a failed job',
    (good) => ({
      status: async (...call) => {
        const status = await good.status(...call);
        return status.state === 'failed' ? { ...status, state: 'succeeded' } : status;
      },
    }),
  ],
  [
    'tells its log anew at every look',
    'pieces of a log',
    (good) => ({ logs: (handle) => good.logs(handle) }),
  ],
  ['does not listen to a signal', 'aborted signal', (good) => ({ submit: (job) => good.submit(job) })],
  [
    'forgets the name',
    'a job name is never',
    (good) => ({
      submit: (job, ...call) => good.submit({ ...job, name: job.name.trim().slice(0, 8) }, ...call),
    }),
  ],
  [
    'calls a job that nobody knows queued',
    'does not know',
    (good) => ({
      status: async (...call) => {
        const status = await good.status(...call);
        return status.state === 'lost' ? { ...status, state: 'queued' } : status;
      },
    }),
  ],
];

test.each(FAULTS)('a backend that %s is found out', async (_what, name, change) => {
  await expect(check(name, change)).rejects.toThrow();
});

test.each(['a handle is plain data', 'a preview shows'])('one that keeps the contract passes: %s', (name) =>
  check(name, () => ({})),
);
