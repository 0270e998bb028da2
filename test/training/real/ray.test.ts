import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sleep } from '../../../src/internal/sleep.ts';
import { trainingBackendConformance, writeFakeTrainer } from '../../../src/testing/index.ts';
import { type RayBackendOptions, ray } from '../../../src/training/backends/ray.ts';
import { setupPython } from '../../../src/training/folder/setup-python.ts';
import { interactToAlign } from '../../../src/training/job/interact-to-align.ts';
import type { TrainingJob } from '../../../src/training/job/training-job.ts';
import type {
  TrainingBackend,
  TrainingHandle,
  TrainingState,
} from '../../../src/training/training-backend.ts';
import { makeSmallJob, writeSmallData } from '../small-job.ts';
import { type RayCluster, startRayCluster } from './ray-cluster.ts';
import { trainersIn, untilNoTrainersIn } from './trainers-in.ts';

const MINUTE = 60_000;
const SUBMITTER = fileURLToPath(new URL('./submit-and-follow.ts', import.meta.url));
const MODEL_MAKER = fileURLToPath(new URL('./make_tiny_model.py', import.meta.url));

describe.runIf(process.env.ALOE_TEST_TRAINING === '1')('a real Ray cluster', () => {
  let folder: string;
  let python: string;
  let fakePython: string;
  let base: string;
  let cluster: RayCluster;
  let jobs = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "aloe ray's $(touch pwned) `x` %j {a} [b] *? $HOME \\ -"));
    base = join(folder, 'tiny model');
    fakePython = await writeFakeTrainer(join(folder, 'bin dir', 'python'));
    python = await setupPython();
    await promisify(execFile)(python, [MODEL_MAKER, base]);
    cluster = await startRayCluster();
  }, 15 * MINUTE);
  afterAll(async () => {
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  }, MINUTE);

  const options = (changes: Partial<RayBackendOptions> = {}): RayBackendOptions => ({
    address: cluster.address,
    apiKey: cluster.token,
    dir: join(folder, 'shared'),
    graceMs: 20_000,
    python,
    ...changes,
  });
  const backend = (changes: Partial<RayBackendOptions> = {}): TrainingBackend => ray(options(changes));

  /** `trl dpo` for some steps, on CPUs, on a GPU that Ray only believes in. */
  async function makeDpoJob(steps: number): Promise<TrainingJob> {
    const { dpo } = await writeSmallData(join(folder, 'data'));
    return interactToAlign({
      base,
      dpo,
      dpoOptions: { seed: jobs++, max_steps: steps, save_steps: 2, ...CPU },
      resources: { gpus: 1 },
      environment: { OMP_NUM_THREADS: '1', HF_HUB_OFFLINE: '1', NASTY: "it's $HOME `x`\n" },
    });
  }

  async function untilState(handle: TrainingHandle, state: TrainingState): Promise<void> {
    const deadline = Date.now() + 5 * MINUTE;
    for (;;) {
      const status = await backend().status(handle);
      if (status.state === state) return;
      const stands = ['queued', 'running'].includes(status.state) && Date.now() < deadline;
      if (!stands)
        expect.fail(`${JSON.stringify(status)}\n${(await backend().logs(handle)).text.slice(-2_000)}`);
      await sleep(500);
    }
  }

  test('is looked at before anything is sent, with the token that it asks for', {
    timeout: 5 * MINUTE,
  }, async () => {
    const job = await makeDpoJob(2);
    const levels = async (changes: Partial<RayBackendOptions>, resources = job.resources) =>
      (await backend(changes).check({ ...job, resources })).map(({ check, level }) => `${check} ${level}`);
    const findings = await backend({ dir: folder }).check({ ...job, resources: { gpus: 1, nodes: 2 } });
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining([
        'cluster',
        'nodes',
        'package',
        'dir',
        'python',
        'package trl',
        'base model',
        'driver',
      ]),
    );
    expect(await levels({ python: 'no-such-python' }, { gpus: 8, nodes: 1 })).toEqual(
      expect.arrayContaining(['nodes warning', 'python error']),
    );
    const stranger = ray({ ...options(), apiKey: 'some-other-token-00' });
    await expect(stranger.submit(job)).rejects.toThrow(/^ray: 40[13] /);
  });

  describe('keeps the contract', () => {
    const checks = trainingBackendConformance({
      create: () => backend({ python: fakePython }),
      job: (kind, name) =>
        makeSmallJob(join(folder, 'data'), {
          name,
          sftOptions: { seed: jobs++, max_steps: 2 },
          dpoOptions: { max_steps: kind === 'long' ? 10_000 : 2 },
          environment: { NASTY: "it's $HOME `x`\n", ...(kind === 'failing' && { FAKE_EXIT_CODE: '7' }) },
        }),
      unknown: (handle) => ({
        ...handle,
        id: 'none',
        location: { ...handle.location, folder: join(folder, 'none') },
      }),
      failingExitCode: 7,
      timeoutMs: 2 * MINUTE,
    });
    test.each(checks)('$name', ({ run }) => run(), 4 * MINUTE);
  });

  /** Submits from another process, which is killed as soon as it has told the handle. */
  async function submitElsewhere(job: TrainingJob): Promise<TrainingHandle> {
    const request = join(folder, 'request.json');
    await writeFile(request, JSON.stringify({ options: options(), job }));
    const submitter = spawn(process.execPath, [SUBMITTER, request], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const gone = once(submitter, 'exit');
    const told = once(createInterface(submitter.stdout), 'line');
    const [line] = await Promise.race([told, gone.then(() => expect.fail('it ended without a handle'))]);
    submitter.kill('SIGKILL');
    await gone;
    return JSON.parse(String(line)) as TrainingHandle;
  }

  test('trains with trl dpo, though the process that submitted it is killed', {
    timeout: 6 * MINUTE,
  }, async () => {
    const job = await makeDpoJob(6);
    const handle = await submitElsewhere(job);
    expect(await backend().submit(job)).toEqual(handle);
    await untilState(handle, 'succeeded');
    const metrics = await backend().metrics(handle);
    expect(metrics.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(metrics.at(-1)!.values).toMatchObject({
      loss: expect.any(Number),
      'rewards/margins': expect.any(Number),
      'rewards/accuracies': expect.any(Number),
    });
    const artifacts = await backend().artifacts(handle);
    expect(artifacts.map((artifact) => artifact.path)).toEqual(
      expect.arrayContaining(['dpo/adapter/adapter_model.safetensors', 'dpo/model/model.safetensors']),
    );
    expect((await backend().logs(handle)).text).toContain('== dpo-merge');
  });

  test('stops half-way what another process submitted, leaves nothing running, and goes on when asked again', {
    timeout: 8 * MINUTE,
  }, async () => {
    const job = await makeDpoJob(100_000);
    const handle = await submitElsewhere(job);
    await vi.waitFor(async () => expect((await backend().metrics(handle)).length).toBeGreaterThan(1), {
      timeout: 5 * MINUTE,
      interval: 500,
    });
    expect(await processesIn(handle.location.folder!)).not.toHaveLength(0);
    await backend().cancel(handle);
    await untilState(handle, 'cancelled');
    expect(await processesIn(handle.location.folder!)).toHaveLength(0);
    expect(await backend().artifacts(handle)).toEqual([]);

    const again = await backend().submit(job);
    expect(again.id).toBe(`${handle.id}-2`);
    await untilState(again, 'running');
    await backend().cancel(again);
    await untilState(again, 'cancelled');
  });

  test('trains on two nodes at once, and stops on both when it is cancelled', {
    timeout: 8 * MINUTE,
  }, async () => {
    const { dpo } = await writeSmallData(join(folder, 'data'));
    const spread = (steps: number) =>
      interactToAlign({
        base,
        dpo,
        dpoOptions: { seed: jobs++, max_steps: steps, save_steps: 4, ...CPU },
        resources: { gpus: 0, nodes: 2 },
        environment: { OMP_NUM_THREADS: '1', HF_HUB_OFFLINE: '1' },
      });
    const handle = await backend().submit(await spread(4));
    await untilState(handle, 'succeeded');
    expect((await backend().metrics(handle)).map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    const { text } = await backend().logs(handle);
    expect(text.match(/^== dpo$/gm)).toHaveLength(2);
    expect(text.match(/^== dpo-merge$/gm)).toHaveLength(1);
    expect((await backend().artifacts(handle)).map(({ path }) => path)).toContain(
      'dpo/model/model.safetensors',
    );

    const long = await backend().submit(await spread(100_000));
    const jobFolder = await realpath(long.location.folder!).catch(() => long.location.folder!);
    await vi.waitFor(async () => expect((await backend().metrics(long)).length).toBeGreaterThan(1), {
      timeout: 5 * MINUTE,
      interval: 500,
    });
    expect((await trainersIn(jobFolder)).map(({ rank }) => rank)).toEqual([0, 1]);
    await backend().cancel(long);
    await untilState(long, 'cancelled');
    await untilNoTrainersIn(jobFolder);
  });

  test('tells how trl failed', { timeout: 6 * MINUTE }, async () => {
    const job = await makeDpoJob(2);
    const handle = await backend().submit({ ...job, base: join(folder, 'no such model') });
    await untilState(handle, 'failed');
    const status = await backend().status(handle);
    expect(status.exitCode).toBeGreaterThan(0);
    expect(status.reason).toMatch(/^Job entrypoint command failed with exit code \d+: .+/);
  });
});

const CPU = {
  bf16: false,
  use_cpu: true,
  gradient_checkpointing: false,
  per_device_train_batch_size: 2,
} as const;

/** Processes that work in a folder. */
async function processesIn(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(
    pids.map(async (pid) => [pid, await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')] as const),
  );
  return environments.filter(([, text]) => text.includes(`PWD=${folder}\0`)).map(([pid]) => pid);
}
