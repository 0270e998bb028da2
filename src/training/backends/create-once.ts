import { TrainingError } from '../../errors.ts';
import type { WholeResponse } from '../../http/whole-request.ts';
import type { EngineApi } from './engine-api.ts';

/** How to find and create a job at a service without ids of our own choice. */
export interface JobCreation<Job> {
  /** The first job made for this request that has not failed. */
  find(): Promise<Job | undefined>;
  create(): Promise<Job>;
  cancel(job: Job): Promise<WholeResponse>;
  /** Whether the new job carries the mark by which `find` would find it. */
  isKept(job: Job): boolean;
  /** What the service lost if it does not: `the metadata of jobs`. */
  readonly lost: string;
}

/**
 * Returns the job that is there, or creates it. Another process may do so at the same moment: both keep the first one, and
 * the later one is cancelled.
 *
 * @throws TrainingError when the service does not keep the mark, without which the job could not be found again.
 */
export async function createOnce<Job extends { readonly id: string }>(
  api: EngineApi,
  { find, create, cancel, isKept, lost }: JobCreation<Job>,
): Promise<Job> {
  const known = await find();
  if (known !== undefined) return known;
  const made = await create();
  const first = await find();
  if (first === undefined ? isKept(made) : first.id === made.id) return made;
  const { status } = await cancel(made);
  if (first !== undefined) return first;
  throw new TrainingError(
    api.backend,
    `${api.url.host} does not keep ${lost}, so submitting this one again would pay for it twice.`,
    {
      hint:
        status < 300
          ? `Job ${made.id} was cancelled.`
          : `Job ${made.id} may still be running: cancel it on the service.`,
    },
  );
}

/** The job that was created first. When two processes submit at once, both must agree on which one that is. */
export function firstOf<Job extends { readonly id: string }>(
  jobs: readonly Job[],
  timeOf: (job: Job) => number,
): Job | undefined {
  return jobs.toSorted((a, b) => timeOf(a) - timeOf(b) || (a.id < b.id ? -1 : 1))[0];
}
