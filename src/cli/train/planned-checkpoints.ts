import type { Candidate } from '../../evaluation/candidate.ts';
import { checkpointCandidate } from '../../training/choose/checkpoint-candidate.ts';
import { checkpointsIn, folderOf } from '../../training/choose/watch-checkpoints.ts';
import type { TrainingJob } from '../../training/job/training-job.ts';
import type { TrainingHandle } from '../../training/training-backend.ts';

/**
 * The checkpoints that a choice will measure, as candidates that only an estimate looks at: those that are there, and those
 * that a job in progress is to write, as far as its options say how many.
 *
 * @throws InvalidOptionError as `watchCheckpoints`.
 */
export async function plannedCheckpoints(
  handle: TrainingHandle,
  job: TrainingJob | undefined,
  stage: string | undefined,
): Promise<readonly Candidate[]> {
  const { name, checkpoints } = await checkpointsIn(folderOf(handle), stage);
  const there = checkpoints.map((checkpoint) => checkpointCandidate(handle.job, checkpoint));
  const share = job?.stages.find((own) => own.name === name)?.options.save_steps;
  const kept = typeof share === 'number' && share < 1 ? Math.round(1 / share) : 0;
  const missing = Array.from({ length: Math.max(0, kept - there.length) }, (_, index) => ({
    name: `${handle.job.name}, to come ${index + 1}`,
    id: `to come ${index + 1}`,
  }));
  return [...there, ...missing].map((own) => ({
    name: own.name,
    model: { id: own.id, free: true, generate: () => Promise.reject(new Error(`${own.name} is not served`)) },
  }));
}
