import type { TrainingJob } from '../job/training-job.ts';
import { countRows } from '../plan/count-rows.ts';
import { maxLengthOf } from '../plan/job-memory.ts';
import { countSteps } from '../plan/stage-steps.ts';
import { findShortStage } from '../plan/warm-up.ts';
import type { Finding, TrainingBackend } from '../training-backend.ts';
import { warning } from './findings.ts';

/** Services whose trainer is not TRL warm up in their own way. */
const OWN_SCHEDULE: readonly string[] = ['hosted', 'together'];

/** Warns of stages with so few steps that warm-up takes them all. Reads the training files. */
export async function checkWarmUp(
  job: TrainingJob,
  { name }: Pick<TrainingBackend, 'name'>,
  signal: AbortSignal | undefined,
): Promise<Finding[]> {
  if (OWN_SCHEDULE.includes(name)) return [];
  const findings: Finding[] = [];
  for (const stage of job.stages) {
    const maxLength = maxLengthOf(stage, null);
    const counts = await countRows(stage, maxLength, { signal });
    const short = findShortStage(stage, countSteps(job, stage, counts, maxLength).steps);
    if (short !== null) findings.push(warning(`steps of ${stage.name}`, short.message, short.remedy));
  }
  return findings;
}
