import type { Candidate } from '../../evaluation/candidate.ts';
import { checkpointCandidate } from '../../training/choose/checkpoint-candidate.ts';
import { checkpointsIn, folderOf } from '../../training/choose/watch-checkpoints.ts';
import { isFinal } from '../../training/follow-training.ts';
import type { TrainingJob, TrainingStage } from '../../training/job/training-job.ts';
import type { TrainingBackend, TrainingHandle } from '../../training/training-backend.ts';

/** What {@link plannedCheckpoints} needs besides the job. */
export interface PlanningOptions {
  /** Default: the last stage. */
  readonly stage?: string | undefined;
  readonly backend: Pick<TrainingBackend, 'status'>;
  readonly signal: AbortSignal;
}

/**
 * The checkpoints that a choice will measure, as candidates that only an estimate looks at: those that are there, and those
 * that a job in progress is to write, as far as its options say how many.
 *
 * @throws InvalidOptionError as `watchCheckpoints`.
 */
export async function plannedCheckpoints(
  handle: TrainingHandle,
  job: TrainingJob | undefined,
  { stage, backend, signal }: PlanningOptions,
): Promise<readonly Candidate[]> {
  const { name, checkpoints } = await checkpointsIn(folderOf(handle), stage);
  const there = checkpoints.map((checkpoint) => checkpointCandidate(handle.job, checkpoint));
  const isOver = isFinal(await backend.status(handle, { signal }));
  const kept = isOver ? 0 : keptOf(job?.stages.find((own) => own.name === name)?.options);
  const missing = Array.from({ length: Math.max(0, kept - there.length) }, (_, index) => ({
    name: `${handle.job.name}, to come ${index + 1}`,
    id: `to come ${index + 1}`,
  }));
  return [...there, ...missing].map((own) => ({
    name: own.name,
    model: { id: own.id, free: true, generate: () => Promise.reject(new Error(`${own.name} is not served`)) },
  }));
}

/** How many checkpoints a stage keeps in the end. 0 if its options do not say. */
function keptOf({ save_steps: share, save_total_limit: limit }: TrainingStage['options'] = {}): number {
  const written = typeof share === 'number' && share < 1 ? Math.round(1 / share) : 0;
  return Math.min(written, typeof limit === 'number' ? limit : written);
}
