import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { local } from '../../../src/training/backends/local.ts';
import { isFinal } from '../../../src/training/follow-training.ts';
import { writeSmallData } from '../small-job.ts';
import { prepareRealTrial, type RealTrial, untilStatus } from './real-trial.ts';

const MINUTES = 60_000;

describe.runIf(process.env.ALOE_TEST_TRAINING)('a chat template that writes the date of the day', () => {
  let folder: string;
  let trial: RealTrial;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe dated-'));
    trial = await prepareRealTrial(folder);
    const path = join(trial.base, 'chat_template.jinja');
    // Renders on one day only.
    const guard = `{% if strftime_now('%d %b %Y %H:%M') != '26 Jul 2024 00:00' %}{{ raise_exception('It is another day.') }}{% endif %}`;
    await writeFile(path, `${guard}${await readFile(path, 'utf8')}`);
  }, 15 * MINUTES);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each([
    [{ SOURCE_DATE_EPOCH: '1721952000' }, { state: 'succeeded' }],
    [{}, { state: 'failed', reason: expect.stringContaining('It is another day.') }],
  ])(
    'with %j in the environment, training ends as %j',
    async (environment, expected) => {
      const { sft } = await writeSmallData(join(folder, 'data'));
      const job = await trial.job(1, {
        dpo: undefined,
        sft,
        sftOptions: { use_peft: false, max_steps: 1, warmup_steps: 0, max_length: 128 },
        environment: { HF_HUB_OFFLINE: '1', OMP_NUM_THREADS: '1', ...environment },
      });
      const backend = local({ dir: join(folder, 'jobs'), python: trial.python });
      const handle = await backend.submit(job);
      expect(await untilStatus(backend, handle, isFinal)).toMatchObject(expected);
    },
    5 * MINUTES,
  );
});
