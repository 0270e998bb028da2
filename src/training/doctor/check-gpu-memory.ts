import { gib } from '../../internal/format.ts';
import type { TrainingJob } from '../job/training-job.ts';
import { describeProposal, NO_REMEDY } from '../plan/describe-plan.ts';
import { type MemoryBasis, peakMemory } from '../plan/job-memory.ts';
import { proposeChanges } from '../plan/propose-changes.ts';
import type { Finding } from '../training-backend.ts';
import { ok, problem, warning } from './findings.ts';

/** Estimates are good to a quarter. Beyond that, a job that does not fit by the estimate does not fit. */
const CERTAIN = 1.25;

/** Whether rows of full length fit the memory of a GPU, and what to change if they do not. */
export function checkGpuMemory(job: TrainingJob, basis: MemoryBasis, bytes: number): Finding[] {
  const need = peakMemory(job, basis);
  const message = `Needs about ${gib(need)} GiB per GPU for rows of full length; ${gib(bytes)} GiB available.`;
  if (need <= bytes) return [ok('gpu memory', message)];
  const proposal = proposeChanges(job, { ...basis, bytes });
  const remedy = proposal === null ? NO_REMEDY : describeProposal(proposal);
  return [(need > bytes * CERTAIN ? problem : warning)('gpu memory', message, remedy)];
}
