import { dirname } from 'node:path';
import { InvalidOptionError, TrainingError } from '../errors.ts';
import { renderJob } from '../training/folder/render-job.ts';
import { followTraining } from '../training/follow-training.ts';
import { interactToAlign } from '../training/job/interact-to-align.ts';
import type { TrainingJob } from '../training/job/training-job.ts';
import type { TrainingHandle, TrainingMetric } from '../training/training-backend.ts';
import type { OpenedBase } from './base-model.ts';
import type { PaperTraining } from './paper-tables.ts';
import { type Reproduction, trainerEnvironmentOf } from './reproduction.ts';
import { trainingFile } from './training-files.ts';

/** A training of a base model, as a job. */
export interface PlannedTraining {
  readonly base: OpenedBase;
  readonly training: PaperTraining;
  /** `Qwen2-7B-Instruct, rejected` */
  readonly name: string;
  readonly job: TrainingJob;
  /** Hash of everything that affects the result. */
  readonly id: string;
}

/** A training that is done. */
export interface DoneTraining extends PlannedTraining {
  readonly metrics: readonly TrainingMetric[];
  /** The directory with the complete weights of a stage. */
  directory(stage: 'sft' | 'dpo'): Promise<string>;
}

/** The job of a training. The training files must be there. */
export async function planTraining(
  reproduction: Reproduction,
  base: OpenedBase,
  training: PaperTraining,
): Promise<PlannedTraining> {
  const { pipeline, recipe } = reproduction;
  const name = `${base.name}, ${training.name}`;
  const job = await interactToAlign({
    ...recipe,
    name,
    base: await base.prepare(),
    sft: trainingFile(pipeline, training.sft),
    dpo: training.dpo && trainingFile(pipeline, training.dpo),
    environment: trainerEnvironmentOf(reproduction),
    signal: pipeline.signal,
  });
  return { base, training, name, job, id: (await renderJob(job)).id };
}

/**
 * Trains, or finds what was trained before, and waits for the end.
 *
 * @throws TrainingError with the end of the log if the job does not succeed.
 */
export async function train(
  { pipeline, options }: Reproduction,
  planned: PlannedTraining,
): Promise<DoneTraining> {
  const { signal } = pipeline;
  const { backend, onTraining } = options;
  const handle = await backend.submit(planned.job, { signal });
  const pollMs = backend.name === 'local' ? 1_000 : undefined;
  let log = '';
  for await (const event of followTraining(backend, handle, { pollMs, signal })) {
    if (event.type === 'log-written') log = `${log}${event.text}`.slice(-2_000);
    onTraining?.(event, planned.name);
  }
  const { state, reason } = await backend.status(handle, { signal });
  if (state !== 'succeeded') {
    throw new TrainingError(
      backend.name,
      `${planned.name} ${state}${reason === null ? '' : ` (${reason})`}.\n${log.trim()}`,
      { hint: `See ${Object.values(handle.location)[0]}. The same command resumes at the last checkpoint.` },
    );
  }
  const metrics = await backend.metrics(handle, { signal });
  return { ...planned, metrics, directory: (stage) => directoryOf(stage, handle, options, signal) };
}

/** @throws InvalidOptionError if the engine keeps its results where this machine cannot read them. */
async function directoryOf(
  stage: string,
  handle: TrainingHandle,
  { backend }: Reproduction['options'],
  signal: AbortSignal | undefined,
): Promise<string> {
  const artifacts = await backend.artifacts(handle, { signal });
  const config = artifacts.find(({ path }) => path.split(/[/\\]/).join('/') === `${stage}/model/config.json`);
  if (config !== undefined && config.sha256 !== null) return dirname(config.location);
  throw new InvalidOptionError('backend', 'an engine whose results this machine can read', backend.name, {
    hint: 'Train with the local, slurm or ray engine, in a directory that this machine sees.',
  });
}
