import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { local } from '../../../src/training/backends/local.ts';
import { doctor } from '../../../src/training/doctor.ts';
import { isFinal } from '../../../src/training/follow-training.ts';
import { makeSmallJob } from '../small-job.ts';
import { submitAndDie } from '../submit-and-die.ts';
import { prepareRealTrial, type RealTrial, untilStatus } from './real-trial.ts';

const MINUTES = 60_000;

describe.runIf(process.env.ALOE_TEST_TRAINING)('TRL on this machine', () => {
  let folder: string;
  let trial: RealTrial;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "aloe real's $(touch pwned) -"));
    trial = await prepareRealTrial(folder);
  }, 15 * MINUTES);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const backend = () => local({ folder: join(folder, 'jobs'), python: trial.python });

  test(
    'SFT, then DPO: the doctor finds nothing wrong, margins rise, and the result is a whole model',
    async () => {
      const job = await makeSmallJob(join(folder, 'data'), {
        base: trial.base,
        sftOptions: { max_steps: 2, max_length: 128 },
        dpoOptions: { max_steps: 6, max_length: 128, learning_rate: 1e-3 },
        environment: { HF_HUB_OFFLINE: '1', OMP_NUM_THREADS: '1' },
      });
      const findings = await doctor(job, backend());
      expect(findings.filter(({ level }) => level === 'error')).toEqual([]);

      const handle = await backend().submit(job);
      expect(await untilStatus(backend(), handle, isFinal)).toMatchObject({
        state: 'succeeded',
        exitCode: 0,
      });
      const margins = (await backend().metrics(handle)).flatMap(({ stage, values }) =>
        stage === 'dpo' && values['rewards/margins'] !== undefined ? [values['rewards/margins']] : [],
      );
      // The reference is where it starts from.
      expect(margins[0]).toBe(0);
      expect(margins.at(-1)).toBeGreaterThan(0.05);
      const paths = (await backend().artifacts(handle)).map(({ path }) => path);
      for (const name of [
        'sft/adapter/adapter_model',
        'sft/model/model',
        'dpo/adapter/adapter_model',
        'dpo/model/model',
      ]) {
        expect(paths).toContain(`${name}.safetensors`);
      }
    },
    5 * MINUTES,
  );

  test(
    'DPO is cancelled half-way, and started again by the same submission',
    async () => {
      const job = await trial.job(2_000);
      const handle = await backend().submit(job);
      await untilStatus(backend(), handle, async () => (await backend().metrics(handle)).length > 2);
      await backend().cancel(handle);
      expect((await backend().status(handle)).state).toBe('cancelled');
      const again = await backend().submit(job);
      await untilStatus(backend(), again, ({ state }) => state === 'running');
      await backend().cancel(again);
    },
    5 * MINUTES,
  );

  test(
    'its submitter is killed, and another process takes it up to its end',
    async () => {
      const job = await trial.job(4);
      const handle = await submitAndDie(job, join(folder, 'job.json'), join(folder, 'jobs'), trial.python);
      expect(await untilStatus(backend(), handle, isFinal)).toMatchObject({ state: 'succeeded' });
    },
    5 * MINUTES,
  );

  test(
    'options that TRL refuses only when it runs are told as the reason',
    async () => {
      const job = await trial.job(2, { dpoOptions: { max_steps: 2, loss_type: ['no-such-loss'] } });
      const handle = await backend().submit(job);
      const status = await untilStatus(backend(), handle, isFinal);
      expect(status).toMatchObject({ state: 'failed', exitCode: 1 });
      expect((await backend().logs(handle)).text).toContain('no-such-loss');
    },
    5 * MINUTES,
  );
});
