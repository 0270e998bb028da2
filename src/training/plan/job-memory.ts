import type { TrainingJob, TrainingStage } from '../job/training-job.ts';
import { estimateHostMemory } from './host-memory.ts';
import type { ModelFacts } from './model-facts.ts';
import { estimateStageMemory, type StageMemory } from './stage-memory.ts';
import { DEFAULT_MAX_LENGTH, numberIn, shapeOfStage, TESTED_TRL } from './stage-shape.ts';

/** The longest sequence of a stage in tokens, as far as its options tell. */
export function maxLengthOf({ options }: TrainingStage, model: ModelFacts | null): number {
  // null: no limit but the model's.
  if (options.max_length === null) return model?.contextLength ?? DEFAULT_MAX_LENGTH;
  return numberIn(options.max_length, DEFAULT_MAX_LENGTH);
}

/** What memory depends on besides the job. */
export interface MemoryBasis {
  readonly model: ModelFacts;
  /** Lengths of sequences by stage, where they are known to be shorter than the options allow. */
  readonly lengths?: Readonly<Record<string, number>>;
  /** Version of TRL. Default: the tested one. */
  readonly trl?: string | undefined;
}

/** Memory of each stage, by its name. */
export function estimateMemory(
  job: TrainingJob,
  { model, lengths = {}, trl = TESTED_TRL }: MemoryBasis,
): Readonly<Record<string, StageMemory>> {
  const entries = job.stages.map((stage) => {
    const shape = shapeOfStage(job, stage, model, trl);
    const length = lengths[stage.name] ?? maxLengthOf(stage, model);
    return [stage.name, estimateStageMemory(model, shape, length)] as const;
  });
  return Object.fromEntries(entries);
}

/** The largest of the stages, in bytes for each GPU. */
export function peakMemory(job: TrainingJob, basis: MemoryBasis): number {
  return Math.max(...Object.values(estimateMemory(job, basis)).map(({ total }) => total));
}

/** The largest of the stages, in bytes on the host of the first process. */
export function peakHostMemory(job: TrainingJob, model: ModelFacts): number {
  return Math.max(
    ...job.stages.map((stage) => estimateHostMemory(job, model, shapeOfStage(job, stage, model))),
  );
}
