import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InvalidFileError, InvalidOptionError, TrainingError } from '../../../src/errors.ts';
import { temporaryName } from '../../../src/internal/leftovers.ts';
import { sleep } from '../../../src/internal/sleep.ts';
import { writeFakeTrainer } from '../../../src/testing/fake-trainer.ts';
import { local } from '../../../src/training/backends/local.ts';
import { groupOf } from '../../../src/training/backends/process-group.ts';
import { exists } from '../../../src/training/folder/job-folder.ts';
import { renderJob } from '../../../src/training/folder/render-job.ts';
import type { TrainingJob } from '../../../src/training/job/training-job.ts';
import type { TrainingHandle, TrainingState } from '../../../src/training/training-backend.ts';
import { writeGatedTrainer } from '../gated-trainer.ts';
import { makeSmallJob } from '../small-job.ts';
import { submitAndDie } from '../submit-and-die.ts';

let folder: string;
let python: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-local-faults-'));
  python = await writeFakeTrainer(join(folder, 'python'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const backend = (graceMs = 2_000) => local({ dir: join(folder, 'jobs'), python, graceMs });
let jobs = 0;
const makeJob = (steps: number, environment: Record<string, string> = {}): Promise<TrainingJob> =>
  makeSmallJob(join(folder, 'data'), {
    sftOptions: { max_steps: 1, seed: jobs++ },
    dpoOptions: { max_steps: steps },
    environment,
  });

async function until(handle: TrainingHandle, state: TrainingState): Promise<void> {
  for (;;) {
    const status = await backend().status(handle);
    if (status.state === state) return;
    expect(status.state, JSON.stringify(status)).toBe('running');
    await sleep(50);
  }
}
async function untilDpo(handle: TrainingHandle): Promise<void> {
  while (!(await backend().metrics(handle)).some(({ stage }) => stage === 'dpo')) await sleep(50);
}
const leader = async ({ location }: TrainingHandle): Promise<number> =>
  JSON.parse(await readFile(join(location.folder!, 'process.json'), 'utf8')).pid;
/** Living processes of a group. */
async function members(group: number): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return stats.filter((stat) => new RegExp(`\\) [^ZX] \\d+ ${group} `).test(stat));
}

test('a job outlives the process that submitted it, and another picks it up', async () => {
  const gate = join(folder, 'gate');
  const gated = await writeGatedTrainer(join(folder, 'gated'), python);
  const job = await makeJob(2, { GATE: gate });
  const handle = await submitAndDie(job, join(folder, 'job.json'), join(folder, 'jobs'), gated);
  expect((await backend().status(handle)).state).toBe('running');
  expect((await backend().submit(job)).id).toBe(handle.id);
  await writeFile(gate, '');
  await until(handle, 'succeeded');
  expect(await backend().artifacts(handle)).not.toEqual([]);
});

test('cancelling ends every process of the job', async () => {
  const handle = await backend().submit(await makeJob(10_000));
  await untilDpo(handle);
  const group = await leader(handle);
  expect((await members(group)).length).toBeGreaterThan(1);
  await backend().cancel(handle);
  expect(await members(group)).toEqual([]);
});

test('a trainer that ignores the signal is killed after the grace period', async () => {
  const deaf = join(folder, 'deaf');
  await writeFile(deaf, "#!/usr/bin/env bash\ntrap '' TERM\n: >listening\nwhile :; do sleep 0.1; done\n", {
    mode: 0o755,
  });
  const stubborn = local({ dir: join(folder, 'jobs'), python: deaf, graceMs: 300 });
  const handle = await stubborn.submit(await makeJob(1));
  while (!(await exists(join(handle.location.folder!, 'listening')))) await sleep(20);
  await stubborn.cancel(handle);
  expect(await stubborn.status(handle)).toMatchObject({ state: 'cancelled', exitCode: null });
  expect(await members(await leader(handle))).toEqual([]);
});

test('a trainer that outlives its script counts as running, and can be cancelled', async () => {
  const handle = await backend().submit(await makeJob(10_000));
  await untilDpo(handle);
  const group = await leader(handle);
  process.kill(group, 'SIGKILL');
  while ((await groupOf(group)) !== null) await sleep(20);
  expect((await backend().status(handle)).state).toBe('running');
  await backend().cancel(handle);
  expect(await members(group)).toEqual([]);
  expect((await backend().status(handle)).state).toBe('cancelled');
});

test('a killed job is lost; submitted again, it resumes with the unfinished stage', async () => {
  const job = await makeJob(40);
  const handle = await backend().submit(job);
  await untilDpo(handle);
  process.kill(-(await leader(handle)), 'SIGKILL');
  await until(handle, 'lost');
  expect(await backend().artifacts(handle)).toEqual([]);
  const again = await backend().submit(job);
  expect(again.id).toBe(handle.id);
  await until(again, 'succeeded');
  const { text } = await backend().logs(again);
  expect(text.match(/^== .*$/gm)).toEqual(['== sft', '== sft-merge', '== dpo', '== dpo', '== dpo-merge']);
});

test('another process with the same pid is not the job', async () => {
  const handle = await backend().submit(await makeJob(10_000));
  const record = join(handle.location.folder!, 'process.json');
  const text = await readFile(record, 'utf8');
  await writeFile(record, JSON.stringify({ ...JSON.parse(text), startedAt: 'another boot 1' }));
  expect((await backend().status(handle)).state).toBe('lost');
  await backend().cancel(handle);
  await writeFile(record, text);
  expect((await backend().status(handle)).state).toBe('running');
  await backend().cancel(handle);
});

test('a job for several nodes is refused, on preview and submit', async () => {
  const job = { ...(await makeJob(1)), resources: { gpus: 0, nodes: 2 }, launch: 'ddp' as const };
  await expect(backend().submit(job)).rejects.toThrow(
    /"resources.nodes": expected 1, as this backend trains on this machine/,
  );
  await expect(backend().preview(job)).rejects.toThrow(InvalidOptionError);
});

test('a removed result is reported, and trained again by the same submission', async () => {
  const job = await makeJob(2);
  const handle = await backend().submit(job);
  await until(handle, 'succeeded');
  await rm(join(handle.location.folder!, 'dpo'), { recursive: true });
  await expect(backend().artifacts(handle)).rejects.toThrow(/dpo.adapter.* was removed/);
  expect(await backend().submit(job)).toMatchObject({ id: handle.id });
  await until(handle, 'succeeded');
  expect((await backend().artifacts(handle)).map(({ path }) => path)).toContain(
    'dpo/model/model.safetensors',
  );
});

test('a job’s variables do not collide with those of its script, and a relative Python is found from its directory', async () => {
  const nearby = local({ dir: join(folder, 'jobs'), python: relative(process.cwd(), python) });
  const handle = await nearby.submit(await makeJob(2, { node: '1', name: 'x', output: 'y', nodes: 'z' }));
  await until(handle, 'succeeded');
});

test('leftovers of a submitter killed while copying are removed by the next', async () => {
  const job = await makeJob(2);
  const { id } = await renderJob(job);
  const path = join(folder, 'jobs', id.slice(0, 16));
  // Of a process that is no more.
  const dead = temporaryName(path).replace(String(process.pid), '4194305');
  expect(dead).not.toBe(temporaryName(path));
  await mkdir(join(dead, 'data'), { recursive: true });
  await until(await backend().submit(job), 'succeeded');
  expect(await readdir(join(folder, 'jobs'))).not.toContain(basename(dead));
});

test('a directory that cannot be created is reported with what to do', async () => {
  await writeFile(join(folder, 'file'), '');
  const below = local({ dir: join(folder, 'file', 'jobs'), python });
  const failure = await below.submit(await makeJob(1)).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(TrainingError);
  expect((failure as TrainingError).hint).toMatch(/[Cc]hoose another directory/);
});

test('data that has changed since the job was made is not trained on', async () => {
  const job = await makeJob(1);
  await writeFile(job.stages[0]!.train.path, '{}\n');
  await expect(backend().submit(job)).rejects.toThrow(InvalidFileError);
});
