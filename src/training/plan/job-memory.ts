import type { TrainingJob, TrainingStage } from '../job/training-job.ts';
import { estimateHostMemory } from './host-memory.ts';
import type { ModelFacts } from './model-facts.ts';
import { estimateStageMemory, type StageMemory } from './stage-memory.ts';
import { DEFAULT_MAX_LENGTH, numberIn, shapeOfStage } from './stage-shape.ts';

/** The longest sequence of a stage in tokens, as far as its options tell. */
export function maxLengthOf({ options }: TrainingStage, model: ModelFacts | null): number {
  // null: no limit but the model's.
  if (options.max_length === null) return model?.contextLength ?? DEFAULT_MAX_LENGTH;
  return numberIn(options.max_length, DEFAULT_MAX_LENGTH);
}

/** Lengths of sequences by stage, where they are known to be shorter than the options allow. */
export type KnownLengths = Readonly<Record<string, number>>;

/** Memory of each stage, by its name. */
export function estimateMemory(
  job: TrainingJob,
  model: ModelFacts,
  lengths: KnownLengths = {},
): Readonly<Record<string, StageMemory>> {
  const entries = job.stages.map((stage) => {
    const shape = shapeOfStage(job, stage, model);
    const length = lengths[stage.name] ?? maxLengthOf(stage, model);
    return [stage.name, estimateStageMemory(model, shape, length)] as const;
  });
  return Object.fromEntries(entries);
}

/** The largest of the stages, in bytes for each GPU. */
export function peakMemory(job: TrainingJob, model: ModelFacts, lengths: KnownLengths = {}): number {
  return Math.max(...Object.values(estimateMemory(job, model, lengths)).map(({ total }) => total));
}

/** The largest of the stages, in bytes on the host of the first process. */
export function peakHostMemory(job: TrainingJob, model: ModelFacts): number {
  return Math.max(
    ...job.stages.map((stage) => estimateHostMemory(job, model, shapeOfStage(job, stage, model))),
  );
}
