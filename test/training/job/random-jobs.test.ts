import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { InvalidOptionError } from '../../../src/errors.ts';
import { sbatchWords } from '../../../src/training/backends/slurm/batch.ts';
import { renderJob } from '../../../src/training/folder/render-job.ts';
import { checkJob } from '../../../src/training/job/check-job.ts';
import type { TrainingJob, TrainingStage } from '../../../src/training/job/training-job.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-random-jobs-'));
});
afterAll(() => rm(folder, { recursive: true }));

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    "';touch pwned;'",
    '$(touch pwned)',
    '`touch pwned`',
    '\n touch pwned\n',
    '-n',
    '--',
    '\r\n',
  ),
  fc.constantFrom(
    '!!python/object/apply:os.system [touch pwned]',
    '{{7*7}}',
    '%n',
    "\\'",
    '\u2028',
    '\ud800',
  ),
);
const name = fc.oneof(
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{2,6}$/),
  text,
  fc.constantFrom('__proto__', 'PATH', 'LD_PRELOAD', 'constructor'),
);
const anything = fc.oneof(
  text,
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 2 }),
);

/** Mostly valid, so that many jobs get past the check. */
function mostly<Value>(valid: fc.Arbitrary<Value>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 40, arbitrary: valid as fc.Arbitrary<unknown> },
    { weight: 1, arbitrary: anything },
  );
}

const stage = fc.record({
  name: mostly(fc.constant('sft')),
  method: mostly(fc.constantFrom('sft', 'dpo')),
  train: fc.record({
    path: mostly(text.map((path) => `/data/${path}`)),
    sha256: mostly(fc.constant('a'.repeat(64))),
  }),
  options: mostly(fc.record({ run_name: mostly(text), learning_rate: mostly(fc.double({ noNaN: true })) })),
});
const jobs = fc.record({
  schema: mostly(fc.constant('aloe-training-job/1')),
  name: mostly(text.map((label) => `x${label}`)),
  base: mostly(text.map((model) => `x${model}`)),
  stages: mostly(fc.tuple(stage)),
  resources: fc.record({
    gpus: fc.constant(0),
    nodes: fc.constant(1),
    timeLimitMinutes: mostly(fc.integer({ min: 1, max: 9 })),
  }),
  launch: mostly(fc.constant('single')),
  environment: mostly(fc.dictionary(name, mostly(text), { maxKeys: 4 })),
});

function jobOrNull(given: TrainingJob): TrainingJob | null {
  try {
    return checkJob(given);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidOptionError);
    return null;
  }
}

test('whatever a file holds as a job is refused, or stays data in every script, command and configuration', async () => {
  let rendered = 0;
  await fc.assert(
    fc.asyncProperty(jobs, async (given) => {
      const job = jobOrNull(JSON.parse(JSON.stringify(given)));
      if (job === null) return;
      rendered += 1;
      const { files } = await renderJob(job);
      const exports = files['run.sh']!.split('sleep 1\n  done\n}\n')[1]!.split(
        `\nstep ${job.stages[0]!.name} everywhere`,
      )[0]!;
      const names = Object.keys(job.environment);
      const print = `${exports}\nfor aloe_name in "$@"; do printf '%s\\0' "\${!aloe_name}"; done`;
      const printed = execFileSync('bash', ['--norc', '-c', print, 'bash', ...names], { cwd: folder });
      expect(printed.toString()).toBe(
        Object.values(job.environment)
          .map((value) => `${value.toWellFormed()}\0`)
          .join(''),
      );
      const [{ name: stageName }] = job.stages as [TrainingStage];
      const yaml = files[`config/${stageName}.yaml`]!;
      const config = parse(yaml, { version: '1.1' });
      expect(config.model_name_or_path).toBe(job.base);
      // PyYAML also ends a line at these.
      expect(yaml).not.toMatch(/[\u0085\u2028\u2029]/);
      const words = sbatchWords(job, { folder: '/jobs/1', jobName: 'aloe-1' });
      expect(words.map((word) => /^--[a-z-]+(?==|$)/.exec(word)?.[0] ?? word)).toEqual(
        sbatchWords({ ...job, name: 'x' }, { folder: '/jobs/1', jobName: 'aloe-1' }).map(
          (word) => /^--[a-z-]+(?==|$)/.exec(word)?.[0] ?? word,
        ),
      );
    }),
    { numRuns: 300, seed: 1 },
  );
  expect(rendered).toBeGreaterThan(0);
  expect(await readdir(folder)).toEqual([]);
});
