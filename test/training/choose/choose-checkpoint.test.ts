import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Judge } from '../../../src/index.ts';
import { aloeCases, pairPersona, seedPersonalities, seedProfiles } from '../../../src/index.ts';
import { temporaryName } from '../../../src/internal/leftovers.ts';
import { openRun } from '../../../src/runs/run.ts';
import { scriptedModel } from '../../../src/testing/index.ts';
import { isWithinNoise } from '../../../src/training/choose/checkpoint-choice.ts';
import {
  type ChooseCheckpointOptions,
  chooseCheckpoint,
} from '../../../src/training/choose/choose-checkpoint.ts';
import { describeChoice } from '../../../src/training/choose/describe-choice.ts';
import type { TrainingBackend, TrainingHandle } from '../../../src/training/training-backend.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-choose-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const people = Array.from({ length: 12 }, (_, index) => ({
  id: `validation-${index}`,
  persona: pairPersona(seedProfiles[index]!, seedPersonalities[index]!),
}));

/** A response is worth the number in it, a little more for every second person. */
const judge: Judge = {
  id: 'number',
  judge: async ({ response, case: { id } }) => ({
    score: Number(response.split(' ')[1]) + (Number(id.split('-')[1]) % 2) / 10,
    status: 'scored',
  }),
};

interface Training {
  readonly backend: TrainingBackend;
  readonly handle: TrainingHandle;
  /** What was done to the job. */
  readonly calls: string[];
}

let trainings = 0;

/** An engine that writes one checkpoint, with a level in its weights, each time it is asked how the job is doing. */
async function train(
  levels: readonly number[],
  losses: readonly number[],
  config = 'config.json',
): Promise<Training> {
  const id = `${trainings++}`.padStart(16, '0');
  const dir = join(folder, id);
  await mkdir(join(dir, 'dpo/model'), { recursive: true });
  const stages = [{ name: 'dpo', training: 'dpo/model', checkpoints: true }];
  await writeFile(
    join(dir, 'manifest.json'),
    JSON.stringify({ schema: 'aloe-job-folder/1', stages, outputs: ['dpo/model'] }),
  );
  const calls: string[] = [];
  let written = 0;
  let cancelled = false;
  const write = async (place: number) => {
    const checkpoint = join(dir, `dpo/model/checkpoint-${(place + 1) * 10}`);
    await mkdir(checkpoint);
    await writeFile(join(checkpoint, config), '{}');
    await writeFile(join(checkpoint, 'optimizer.pt'), 'twice as large');
    await writeFile(join(checkpoint, 'model.safetensors'), String(levels[place]));
    await writeFile(
      join(checkpoint, 'trainer_state.json'),
      JSON.stringify({ global_step: (place + 1) * 10, epoch: place + 1 }),
    );
  };
  const unused = () => Promise.reject(new Error('not asked for'));
  const backend: TrainingBackend = {
    name: 'test',
    submit: unused,
    preview: unused,
    logs: unused,
    artifacts: unused,
    check: unused,
    async status() {
      const isOver = cancelled || written === levels.length;
      if (!isOver) await write(written++);
      return {
        state: cancelled ? 'cancelled' : isOver ? 'succeeded' : 'running',
        exitCode: null,
        reason: null,
      };
    },
    metrics: async () =>
      losses.map((eval_loss, place) => ({ stage: 'dpo', step: (place + 1) * 10, values: { eval_loss } })),
    async cancel() {
      calls.push('cancel');
      cancelled = true;
    },
  };
  const handle: TrainingHandle = {
    schema: 'aloe-training-handle/1',
    backend: 'test',
    id,
    job: { name: 'bees', id },
    submittedAt: '2026-01-01T00:00:00Z',
    location: { folder: dir },
  };
  return { backend, handle, calls };
}

function options({ backend, handle }: Training, opened: string[] = []): ChooseCheckpointOptions {
  return {
    backend,
    jobs: [handle],
    evaluation: { cases: people, turns: 2, judge, user: scriptedModel('Hello, how are you today?') },
    pollMs: 0,
    async open(dir) {
      opened.push(dir);
      const level = await readFile(join(dir, 'model.safetensors'), 'utf8');
      return { model: scriptedModel(`level ${level}`), close: async () => void opened.push('closed') };
    },
  };
}

test('the highest level is chosen, not the last nor the lowest loss, and each is compared with it', async () => {
  const training = await train([2, 3.5, 3], [0.5, 0.4, 0.3]);
  const choice = await chooseCheckpoint(options(training));
  expect(choice.checkpoints.map(({ step, result }) => [step, result.average])).toEqual([
    [10, expect.closeTo(2.05)],
    [20, expect.closeTo(3.55)],
    [30, expect.closeTo(3.05)],
  ]);
  const { chosen, runnerUp, last, lowestLoss } = choice;
  expect([chosen.step, runnerUp?.step, last.step, lowestLoss?.step]).toEqual([20, 30, 30, 30]);
  expect(chosen).toMatchObject({ evalLoss: 0.4, epoch: 2, behind: null });
  expect(runnerUp?.behind?.difference).toBeCloseTo(0.5);
  expect(isWithinNoise(runnerUp!)).toBe(false);
  expect(choice).toMatchObject({ stopped: [], model: null, warnings: [] });
  const text = describeChoice(choice);
  expect(text).toContain('Chosen: dpo 20, AL 3.55');
  // All three are the same checkpoint.
  expect(text.match(/^Against .*$/gm)).toEqual([
    expect.stringMatching(
      /^Against the runner-up and the last of its job and the one with the lowest eval loss \(dpo 30\): 0\.50 .*more than noise\.$/,
    ),
  ]);
});

test('of equal levels the earliest is chosen, and the others are within noise', async () => {
  const training = await train([3, 3, 2], []);
  const choice = await chooseCheckpoint(options(training));
  expect(choice.chosen.step).toBe(10);
  expect(choice.lowestLoss).toBeNull();
  expect(choice.checkpoints.map(isWithinNoise)).toEqual([true, true, false]);
  expect(describeChoice(choice)).toContain('Not told apart from it: dpo 20.');
  expect(describeChoice(choice)).toContain('Of equal ones, the earliest is chosen.');
});

test('too few people are said to be too few', async () => {
  const training = await train([2, 3], []);
  const { evaluation, ...rest } = options(training);
  const choice = await chooseCheckpoint({
    ...rest,
    evaluation: { ...evaluation, cases: people.slice(0, 3) },
  });
  expect(isWithinNoise(choice.runnerUp!)).toBeNull();
  const text = describeChoice(choice);
  expect(text).toContain('too few independent people to say');
  expect(text).toContain('There is no interval');
  expect(text).not.toContain('equal');
});

test('with patience, a job in progress is cancelled once alignment no longer improves', async () => {
  const training = await train([2, 3, 2.5, 2.4, 5, 5], []);
  const choice = await chooseCheckpoint({ ...options(training), patience: 2 });
  expect(training.calls).toEqual(['cancel']);
  expect(choice.checkpoints.map(({ step }) => step)).toEqual([10, 20, 30, 40]);
  expect(choice.chosen.step).toBe(20);
  expect(choice.stopped).toEqual([{ job: 'bees', stage: 'dpo', step: 40 }]);
  expect(describeChoice(choice)).toContain('bees was cancelled after dpo 40');
});

test('a second choice with the same run opens no checkpoint, and a kill loses nothing', async () => {
  const training = await train([2, 3, 2.5], []);
  const dir = join(folder, 'run');
  const run = await openRun(dir, { seed: 1 });
  const opened: string[] = [];
  const stop = new AbortController();
  const first = chooseCheckpoint({
    ...options(training, opened),
    run,
    signal: stop.signal,
    onEvent: (event) =>
      event.type === 'checkpoint-start' && event.checkpoint.step === 20 && stop.abort(new Error('killed')),
  });
  await expect(first).rejects.toThrow('killed');
  await run.close();

  const again = await openRun(dir, { seed: 1 });
  const later: string[] = [];
  const choice = await chooseCheckpoint({ ...options(training, later), run: again });
  expect(choice.chosen.step).toBe(20);
  const names = (all: readonly string[]) => all.map((path) => path.split('/').at(-1));
  expect(names(opened).slice(0, 2)).toEqual(['checkpoint-10', 'closed']);
  expect(names(later)).toEqual(['checkpoint-20', 'closed', 'checkpoint-30', 'closed']);

  const third: string[] = [];
  await chooseCheckpoint({ ...options(training, third), run: again });
  expect(third).toEqual([]);
  await again.close();
});

test('a checkpoint that cannot be served ends the choice with the reason', async () => {
  const training = await train([2], []);
  const failing = chooseCheckpoint({
    ...options(training),
    open: () => Promise.reject(new Error('out of memory')),
  });
  await expect(failing).rejects.toThrow('out of memory');
});

test('the weights of the chosen checkpoint are written on request, and several jobs are told apart', async () => {
  const [one, other] = [await train([2, 3], []), await train([4, 1], [])];
  const out = join(folder, 'chosen');
  const choice = await chooseCheckpoint({
    ...options(one),
    backend: {
      ...one.backend,
      status: (handle) => (handle.id === one.handle.id ? one : other).backend.status(handle),
    },
    jobs: [one.handle, { ...other.handle, job: { ...other.handle.job, name: 'wasps' } }],
    out,
  });
  expect(choice.chosen).toMatchObject({ job: { name: 'wasps' }, step: 10 });
  expect(choice.model).toBe(out);
  expect(await readFile(join(out, 'model.safetensors'), 'utf8')).toBe('4');
  expect((await readdir(out)).sort()).toEqual(['config.json', 'model.safetensors']);
  expect(describeChoice(choice)).toContain('Chosen: wasps, dpo 10');
  expect(describeChoice(choice)).toContain('Against the runner-up (bees, dpo 20): 1.00');
});

test.skipIf(process.platform === 'win32')(
  'an adapter is merged before it is opened, and nothing of it is left, nor of a choice that was killed',
  async () => {
    // Merges as merge_adapter.py does: from $2 into $3.
    const python = join(folder, 'merging');
    const script = '#!/bin/sh\nmkdir "$3" && cp "$2/model.safetensors" "$3" && echo {} >"$3/config.json"\n';
    await writeFile(python, script, { mode: 0o755 });
    const training = await train([2, 3], [], 'adapter_config.json');
    const job = training.handle.location.folder!;
    // A process of this machine that is no more.
    const { pid } = spawnSync('true');
    const left = temporaryName(join(job, 'merged')).replace(`-${process.pid}-`, `-${pid}-`);
    await mkdir(left);
    const opened: string[] = [];
    const out = join(folder, 'of an adapter');
    const choice = await chooseCheckpoint({ ...options(training, opened), python, out });
    expect(choice.chosen).toMatchObject({ step: 20, isAdapter: true });
    expect(opened.filter((path) => path !== 'closed')).toEqual([
      expect.stringMatching(/merged\..*partial$/),
      expect.stringMatching(/merged\..*partial$/),
    ]);
    expect((await readdir(job)).sort()).toEqual(['dpo', 'manifest.json']);
    expect(await readFile(join(out, 'model.safetensors'), 'utf8')).toBe('3');
    await expect(chooseCheckpoint({ ...options(training), python, out })).rejects.toThrow(
      'a directory that does not exist yet',
    );
  },
);

test('a choice on people of the benchmark is warned of', async () => {
  const training = await train([2], []);
  const { evaluation, ...rest } = options(training);
  const cases = [...people.slice(0, 2), ...aloeCases({ count: 3 })];
  const choice = await chooseCheckpoint({ ...rest, evaluation: { ...evaluation, cases } });
  expect(choice.warnings).toEqual([
    expect.stringContaining('3 of the 5 people are cases of the ALOE benchmark'),
  ]);
});

test('a job without checkpoints, a stage that is not there and a job elsewhere are told', async () => {
  const training = await train([], []);
  await expect(chooseCheckpoint(options(training))).rejects.toThrow(
    'bees succeeded without a checkpoint of dpo',
  );
  await expect(chooseCheckpoint({ ...options(training), stage: 'sft' })).rejects.toThrow('one of dpo');
  const hosted = { ...training.handle, location: {} };
  await expect(chooseCheckpoint({ ...options(training), jobs: [hosted] })).rejects.toThrow(
    'can be read on this machine',
  );
  await expect(chooseCheckpoint({ ...options(training), jobs: [] })).rejects.toThrow('at least one job');
  await expect(chooseCheckpoint({ ...options(training), patiense: 1 } as never)).rejects.toThrow(
    '"patience"',
  );
});
