import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { local } from '../../../src/training/backends/local.ts';
import { doctor } from '../../../src/training/doctor/doctor.ts';
import { isFinal } from '../../../src/training/follow-training.ts';
import type { TrainingBackend, TrainingHandle } from '../../../src/training/training-backend.ts';
import { makeSmallJob, writeSmallData } from '../small-job.ts';
import { submitAndDie } from '../submit-and-die.ts';
import { prepareRealTrial, type RealTrial, untilStatus } from './real-trial.ts';

const MINUTES = 60_000;

describe.runIf(process.env.ALOE_TEST_TRAINING)('TRL on this machine', () => {
  let folder: string;
  let trial: RealTrial;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "aloe real's $(touch pwned) [b] *? $HOME \\ \n-"));
    trial = await prepareRealTrial(folder);
  }, 15 * MINUTES);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const backend = () => local({ dir: join(folder, 'jobs'), python: trial.python });

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
      // What a training starts from is only kept until its end.
      expect(paths.filter((path) => path.includes('first_weights'))).toEqual([]);
    },
    5 * MINUTES,
  );

  test(
    'a training whose only step has the learning rate 0 fails, also when it is submitted again',
    async () => {
      const { sft } = await writeSmallData(join(folder, 'data'));
      const short = await trial.job(1, { dpo: undefined, sft, sftOptions: { max_length: 128 } });
      expect((await doctor(short, backend())).filter(({ check }) => check === 'steps of sft')).toHaveLength(
        1,
      );
      for (const _attempt of [1, 2]) {
        const handle = await backend().submit(short);
        const { state, reason } = await untilStatus(backend(), handle, isFinal);
        expect([state, reason]).toEqual([
          'failed',
          expect.stringMatching(
            /^RuntimeError: Training changed no weight \(steps: 1\)\. .*num_train_epochs/,
          ),
        ]);
        expect((await backend().logs(handle)).text).toContain('Warning: this training has 1 step, and its');
      }
    },
    5 * MINUTES,
  );

  test(
    'DPO that is broken off twice goes on from its checkpoint, and ends as if it never was',
    async () => {
      const steps = 40;
      const job = await trial.job(steps, {
        dpoOptions: { max_steps: steps, max_length: 128, learning_rate: 1e-3, save_steps: 4, seed: 7 },
      });
      const stepsOf = async (handle: TrainingHandle) =>
        (await backend().metrics(handle)).map(({ step, values }) => [step, values.loss ?? null]);

      const handle = await backend().submit(job);
      const after = (step: number) => async () => (await stepsOf(handle)).length > step;
      await untilStatus(backend(), handle, after(6));
      await backend().cancel(handle);
      expect((await backend().status(handle)).state).toBe('cancelled');
      await backend().submit(job);
      await untilStatus(backend(), handle, after(20));
      const { pid } = JSON.parse(await readFile(join(handle.location.folder!, 'process.json'), 'utf8'));
      process.kill(-pid, 'SIGKILL');
      await untilStatus(backend(), handle, ({ state }) => state === 'lost');
      // Broken off while it was written.
      const checkpoints = join(handle.location.folder!, 'dpo/adapter');
      await mkdir(join(checkpoints, 'checkpoint-39'));
      await writeFile(join(checkpoints, 'checkpoint-39/trainer_state.json'), '{"log_hist');
      await backend().submit(job);
      expect(await untilStatus(backend(), handle, isFinal)).toMatchObject({ state: 'succeeded' });
      expect((await backend().logs(handle)).text.match(/^Resuming from .*checkpoint-\d+\.$/gm)).toHaveLength(
        2,
      );

      const whole = local({ dir: join(folder, 'whole'), python: trial.python });
      const other = await whole.submit(job);
      await untilStatus(whole, other, isFinal);
      const sums = async (engine: TrainingBackend, of: TrainingHandle) =>
        (await engine.artifacts(of)).flatMap(({ path, sha256 }) =>
          path.endsWith('.safetensors') ? [[path, sha256]] : [],
        );
      expect(await sums(backend(), handle)).toEqual(await sums(whole, other));
      const numbers = (await whole.metrics(other)).map(({ step, values }) => [step, values.loss ?? null]);
      expect(await stepsOf(handle)).toEqual(numbers);
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
      expect(status.reason).toMatch(/^\w+Error: .*no-such-loss/);
    },
    5 * MINUTES,
  );
});
