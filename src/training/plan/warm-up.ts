import type { TrainingStage } from '../job/training-job.ts';
import { numberIn } from './stage-shape.ts';

/** Schedules without a warm-up (transformers 5.18 to 5.24). */
const NO_WARM_UP: readonly unknown[] = ['constant', 'reduce_lr_on_plateau', 'greedy'];

/** What is wrong with the steps of a stage, and what to do. */
export interface ShortStage {
  readonly message: string;
  readonly remedy: string;
}

/**
 * Says that a stage is so short that warm-up takes all of it. The first step of a warm-up has the learning rate 0: a stage of one
 * step learns nothing. Null if the rate reaches what the options say.
 */
export function findShortStage({ name, options }: TrainingStage, steps: number): ShortStage | null {
  const warmUp = warmUpSteps(options, steps);
  if (warmUp < steps || steps === 0) return null;
  const message =
    steps === 1
      ? `${name} learns nothing: its only step is the first of the warm-up, with a learning rate of 0.`
      : `${name} hardly learns: the warm-up takes all of its ${steps} steps, and its learning rate stays below what you set.`;
  const remedy =
    'Take fewer rows a step (gradient_accumulation_steps: 1, then a smaller per_device_train_batch_size) or more epochs (num_train_epochs), or set warmup_steps: 0.';
  return { message, remedy };
}

/** As transformers counts: below 1 it is a share of all steps. */
function warmUpSteps(
  { lr_scheduler_type: schedule, warmup_steps: given }: TrainingStage['options'],
  steps: number,
) {
  if (NO_WARM_UP.includes(schedule)) return 0;
  const warmUp = numberIn(given, 0);
  return warmUp >= 1 ? Math.trunc(warmUp) : Math.ceil(steps * warmUp);
}
