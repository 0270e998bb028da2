import type { TrainingJob } from '../job/training-job.ts';
import type { ModelFacts } from './model-facts.ts';

/** Bytes of a float32 weight in a checkpoint with its two moments. */
const CHECKPOINT_BYTES = 12;

/** The disk space a job's directory needs, in bytes: the result of each stage, and two checkpoints. */
export function estimateDisk(job: TrainingJob, { parameters }: Pick<ModelFacts, 'parameters'>): number {
  const bytes = job.stages.map(({ options }) => {
    const whole = parameters * (options.dtype === 'bfloat16' || options.dtype === 'float16' ? 2 : 4);
    if (options.use_peft === true) return whole * 1.1;
    return whole + 2 * parameters * CHECKPOINT_BYTES;
  });
  return bytes.reduce((sum, stage) => sum + stage, 0);
}
