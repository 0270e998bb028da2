import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { runCommand } from '../../../src/internal/run-command.ts';
import { sleep } from '../../../src/internal/sleep.ts';
import { setupPython } from '../../../src/training/folder/setup-python.ts';
import { isFinal } from '../../../src/training/follow-training.ts';
import { type InteractToAlignOptions, interactToAlign } from '../../../src/training/job/interact-to-align.ts';
import type { TrainingJob } from '../../../src/training/job/training-job.ts';
import type {
  TrainingBackend,
  TrainingHandle,
  TrainingStatus,
} from '../../../src/training/training-backend.ts';
import { writeSmallData } from '../small-job.ts';

/** What a real training needs: Python with TRL, kept between runs, and a tiny random model. */
export interface RealTrial {
  readonly python: string;
  readonly base: string;
  /** DPO on the tiny model, without a network. */
  job(steps: number, options?: Partial<InteractToAlignOptions>): Promise<TrainingJob>;
}

export async function prepareRealTrial(folder: string): Promise<RealTrial> {
  const python = await setupPython();
  const base = join(folder, "tiny model's $HOME [x]");
  const script = fileURLToPath(new URL('make_tiny_model.py', import.meta.url));
  const { exitCode, stderr } = await runCommand([python, script, base]);
  expect(exitCode, stderr).toBe(0);
  const { dpo } = await writeSmallData(join(folder, 'data'));
  return {
    python,
    base,
    job: (steps, options = {}) =>
      interactToAlign({
        base,
        dpo,
        resources: { gpus: 0 },
        dpoOptions: { max_steps: steps, max_length: 128, learning_rate: 1e-3, save_steps: 1 },
        environment: { HF_HUB_OFFLINE: '1', OMP_NUM_THREADS: '1' },
        ...options,
      }),
  };
}

/** Looks until the job is where it should be, and fails when it ends before. */
export async function untilStatus(
  backend: TrainingBackend,
  handle: TrainingHandle,
  arrived: (status: TrainingStatus) => boolean | Promise<boolean>,
): Promise<TrainingStatus> {
  for (;;) {
    const status = await backend.status(handle);
    if (await arrived(status)) return status;
    const { text } = await backend.logs(handle);
    expect(isFinal(status), `${JSON.stringify(status)}\n${text.slice(-2_000)}`).toBe(false);
    await sleep(300);
  }
}
