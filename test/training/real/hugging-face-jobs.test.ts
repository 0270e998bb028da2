import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { huggingFaceJobs } from '../../../src/training/backends/hugging-face-jobs.ts';
import { setupPython } from '../../../src/training/folder/setup-python.ts';
import { followTraining } from '../../../src/training/follow-training.ts';
import { interactToAlign } from '../../../src/training/job/interact-to-align.ts';
import { type HubServer, startHubServer } from '../servers/hub-server.ts';
import { writeSmallData } from '../small-job.ts';

const MINUTE = 60_000;
const TOKEN = 'hf_CanaryCanaryCanaryCanary0123456789';
const program = (name: string) => fileURLToPath(new URL(`./${name}`, import.meta.url));
const run = promisify(execFile);

/** The server's jobs are processes of this machine, with a Python that has TRL and huggingface_hub. */
describe.runIf(process.env.ALOE_TEST_TRAINING === '1')('the hub, with the official client for Python', () => {
  let folder: string;
  let python: string;
  let base: string;
  let server: HubServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-real-hub-'));
    python = await setupPython();
    const bin = join(folder, 'bin');
    await mkdir(bin);
    base = join(folder, 'tiny model');
    // The model is not on this machine when the job is submitted: only the container has it.
    const wait = `until [ -d '${base}' ]; do sleep 0.1; done`;
    await writeFile(join(bin, 'python3'), `#!/usr/bin/env bash\n${wait}\nexec '${python}' "$@"\n`);
    await chmod(join(bin, 'python3'), 0o755);
    server = await startHubServer({ token: TOKEN, path: bin });
  }, 15 * MINUTE);
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('runs, follows, lists and cancels jobs', { timeout: 3 * MINUTE }, async () => {
    const env = { ...process.env, HF_ENDPOINT: server.url, HF_TOKEN: TOKEN };
    const { stdout } = await run(python, [program('hub_client.py')], { env });
    expect(JSON.parse(stdout)).toEqual({
      logs: ['hello you'],
      stages: ['COMPLETED', 'CANCELED'],
      labels: 'short',
      listed: true,
      hardware: ['cpu-basic', 'a10g-small', 'a10g-largex4'],
    });
  });

  test('trains with TRL, and pushes model, adapter and steps', { timeout: 10 * MINUTE }, async () => {
    await run(python, [program('make_tiny_model.py'), base]);
    const { dpo } = await writeSmallData(join(folder, 'data'));
    const job = await interactToAlign({
      base,
      dpo,
      dpoOptions: { max_steps: 3, save_steps: 2, lora_r: 2, max_length: 128, per_device_train_batch_size: 1 },
      resources: { gpus: 0 },
      environment: { OMP_NUM_THREADS: '1' },
    });
    const backend = huggingFaceJobs({
      repo: 'me/tiny',
      flavor: 'cpu-basic',
      token: TOKEN,
      hubUrl: server.url,
      install: false,
      // The tests' hub has no store for the chunks of Xet.
      secrets: { HF_HUB_DISABLE_XET: '1' },
    });
    const hidden = join(folder, 'hidden');
    await rename(base, hidden);
    const handle = await backend.submit(job);
    await rename(hidden, base);
    const steps: number[] = [];
    for await (const event of followTraining(backend, handle, { pollMs: 500 })) {
      if (event.type === 'metric-logged') steps.push(event.metric.step);
    }
    const status = await backend.status(handle);
    expect(status, (await backend.logs(handle)).text.slice(-2_000)).toMatchObject({ state: 'succeeded' });
    expect(steps).toEqual([1, 2, 3]);
    const artifacts = await backend.artifacts(handle);
    const paths = artifacts.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'config.json',
        'model.safetensors',
        'tokenizer_config.json',
        'dpo/adapter/adapter_config.json',
        'dpo/adapter/adapter_model.safetensors',
        'metrics/dpo.jsonl',
      ]),
    );
    expect(paths.filter((path) => /checkpoint|training_args|README/.test(path))).toEqual([]);
    expect(artifacts.find(({ path }) => path === 'model.safetensors')!.sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});
