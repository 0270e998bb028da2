import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { writeFakeTrainer } from '../../src/testing/index.ts';
import { writeSkyPilotTask } from '../../src/training/index.ts';
import type { TrainingJob } from '../../src/training/job/training-job.ts';
import { makeSmallJob } from './small-job.ts';

const run = promisify(execFile);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aloe sky's $(x)-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const makeJob = (resources: Partial<TrainingJob['resources']> = {}) =>
  makeSmallJob(join(folder, 'data'), {
    sftOptions: { max_steps: 2 },
    dpoOptions: { max_steps: 2 },
    resources,
  });

/** As on SkyPilot's machine: its bash, in the working directory, with another home. */
async function runTask(path: string, changes: (script: string) => string): Promise<string> {
  const home = await mkdtemp(join(folder, 'home '));
  await writeFakeTrainer(join(home, 'aloe-python/bin/python'));
  const task = parse(await readFile(path, 'utf8')) as { workdir: string; run: string };
  const { stdout } = await run('bash', ['-c', changes(task.run)], {
    cwd: task.workdir,
    env: { ...process.env, HOME: home },
  });
  return stdout;
}

test('a task names the machine, installs the pinned packages, trains, and copies the result', async () => {
  const job = await makeJob({ gpus: 2, cpus: 8, memoryGiB: 64, timeLimitMinutes: 90 });
  const options = { dir: join(folder, 'a'), gpu: 'A100', bucket: 's3://my-models' };
  const path = await writeSkyPilotTask(job, { ...options, resources: { use_spot: true } });
  const task = parse(await readFile(path, 'utf8'));
  expect(task).toMatchObject({
    name: expect.stringMatching(/^aloe-[0-9a-f]{16}$/),
    workdir: dirname(path),
    resources: { accelerators: 'A100:2', cpus: '8+', memory: '64+', use_spot: true },
    file_mounts: { '/aloe-results': { source: 's3://my-models', mode: 'MOUNT' } },
    setup: expect.stringContaining('--require-hashes -r requirements-train.txt'),
    run: expect.stringContaining('timeout -k 60 90m bash run.sh'),
  });
  expect(await readFile(join(dirname(path), 'requirements-train.txt'), 'utf8')).toContain('trl==');
  const bucket = join(folder, 'bucket');
  expect(
    await runTask(path, (script) => script.replaceAll('/aloe-results', `"${bucket.replace('$', '\\$')}"`)),
  ).toContain('== dpo');
  const result = join(bucket, task.name.slice('aloe-'.length), 'dpo/model/model.safetensors');
  expect(await readFile(result, 'utf8')).toBe('merged');
  // The same job is the same directory, also on another machine.
  expect(await writeSkyPilotTask(job, { ...options, gpu: 'H100' })).toBe(path);
  expect(parse(await readFile(path, 'utf8')).resources.accelerators).toBe('H100:2');
});

test('a task without GPUs and bucket only trains', async () => {
  const path = await writeSkyPilotTask(await makeJob({ gpus: 0 }), { dir: join(folder, 'b') });
  const task = parse(await readFile(path, 'utf8'));
  expect(task.resources).toEqual({});
  expect(task).not.toHaveProperty('file_mounts');
  expect(task.run).toBe('set -e\nALOE_PYTHON=~/aloe-python/bin/python bash run.sh\n');
});

test.each([
  ['gpu', { gpus: 1 }, {}],
  ['resources.nodes', { gpus: 0, nodes: 2 }, {}],
  ['gpus', { gpus: 0 }, { gpus: 2 } as object],
])('a bad %s is refused', async (option, resources, options) => {
  const call = writeSkyPilotTask(await makeJob(resources), { dir: join(folder, 'c'), ...options });
  await expect(call).rejects.toThrow(`ption "${option}"`);
});

// ALOE_TEST_SKYPILOT names a Python with SkyPilot, which takes minutes to install.
const skyPython = process.env.ALOE_TEST_SKYPILOT;
describe.runIf(skyPython !== undefined)('SkyPilot', () => {
  test('loads a task with its own parser', async () => {
    const job = await makeJob({ gpus: 2, cpus: 8 });
    const path = await writeSkyPilotTask(job, {
      dir: join(folder, 'd'),
      gpu: 'A100',
      resources: { use_spot: true },
    });
    const loader = fileURLToPath(new URL('./real/load_sky_task.py', import.meta.url));
    const { stdout } = await run(skyPython!, [loader, path], { env: { ...process.env, HOME: folder } });
    expect(JSON.parse(stdout)).toMatchObject({
      workdir: dirname(path),
      accelerators: { A100: 2 },
      cpus: '8+',
      spot: true,
      nodes: 1,
      run: expect.stringContaining('bash run.sh'),
    });
  });
});
