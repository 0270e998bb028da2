import { InvalidOptionError } from '../errors.ts';
import type { TrainingJob, TrainingStage } from './training-job.ts';

export interface SingleStageOptions {
  /** Model it starts from. Default: the job's base, which a stage that follows another one cannot take. */
  readonly base?: string | undefined;
}

/**
 * One stage of a job as a job of its own, for engines that train one stage at a time, such as hosted services: the
 * next one starts from the model that the first has given.
 *
 * @throws InvalidOptionError when there is no such stage, or when it follows another one and no base is given.
 */
export function singleStage(job: TrainingJob, name: string, options: SingleStageOptions = {}): TrainingJob {
  const found = job.stages.find((stage) => stage.name === name);
  if (found === undefined) {
    const names = job.stages.map((stage) => JSON.stringify(stage.name)).join(', ');
    throw new InvalidOptionError('name', `one of the stages ${names}`, name);
  }
  const { from, ...stage } = found;
  if (from !== undefined && options.base === undefined) {
    throw new InvalidOptionError('base', `the model that the stage "${from}" has given`, undefined);
  }
  return { ...job, base: options.base ?? job.base, stages: [stage] };
}

/** The stage of a job that has one. @throws InvalidOptionError when it has several, or starts from another one's result. */
export function onlyStage({ stages }: TrainingJob): TrainingStage {
  const [stage] = stages;
  if (stage === undefined || stages.length > 1 || stage.from !== undefined) {
    throw new InvalidOptionError('stages', 'exactly one stage, from a base model', stages, {
      hint: 'Give them one after the other: singleStage(job, name, { base }).',
    });
  }
  return stage;
}
