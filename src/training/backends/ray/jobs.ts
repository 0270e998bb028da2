import { TrainingError } from '../../../errors.ts';
import type { RenderedJob } from '../../job/training-job.ts';
import type { EngineApi } from '../engine-api.ts';
import { packFolder } from './package.ts';
import { isUnknownJob, JOBS_PATH, jobPath, packagePath, type RayJob, rayJob, rayStatus } from './wire.ts';

/** A job's id on the cluster. Made from its content, so that the cluster refuses duplicates. */
export function submissionIdOf({ id }: RenderedJob, attempt: number): string {
  const name = `aloe-${id.slice(0, 16)}`;
  return attempt === 1 ? name : `${name}-${attempt}`;
}

/** The job with this id, or undefined if the cluster does not know it. */
export async function getJob(
  api: EngineApi,
  id: string,
  signal: AbortSignal | undefined,
): Promise<RayJob | undefined> {
  const response = await api.call({ method: 'GET', path: jobPath(id), signal });
  return isUnknownJob(response, id) ? undefined : api.parse(rayJob, response);
}

/** More than anyone needs. Stops at a server that reports every attempt as failed. */
const MAX_ATTEMPTS = 100;

/**
 * The latest attempt that has not failed, or the id for the next one.
 *
 * @throws TrainingError when too many have failed.
 */
export async function findAttempt(
  api: EngineApi,
  rendered: RenderedJob,
  signal: AbortSignal | undefined,
): Promise<{ readonly id: string; readonly found: RayJob | undefined }> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const id = submissionIdOf(rendered, attempt);
    const found = await getJob(api, id, signal);
    const isOver = found !== undefined && ['failed', 'cancelled'].includes(rayStatus(found).state);
    if (!isOver) return { id, found };
  }
  throw new TrainingError(
    api.backend,
    `${MAX_ATTEMPTS} attempts of this job failed or were cancelled on ${api.url.host}.`,
    { hint: 'Read the log of the last one. Attempts deleted on the cluster no longer count.' },
  );
}

/** Uploads a job's directory, unless the cluster has it. @returns the package's name. */
export async function uploadOnce(
  api: EngineApi,
  rendered: RenderedJob,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { name, bytes } = await packFolder(rendered);
  const path = packagePath(name);
  const known = await api.call({ method: 'GET', path, signal });
  const isNew = known.status === 404;
  api.expectSuccess(isNew ? await api.call({ method: 'PUT', path, data: bytes, signal }) : known);
  return name;
}

/** Submits a job, unless another process just did. @returns the job as the cluster reports it. */
export async function startJob(
  api: EngineApi,
  id: string,
  body: object,
  signal: AbortSignal | undefined,
): Promise<RayJob | undefined> {
  const response = await api.call({ method: 'POST', path: JOBS_PATH, json: body, signal });
  // Ray answers with 500 and a traceback instead of 409.
  if (!response.text.includes(`${id} already exists`)) api.expectSuccess(response);
  return getJob(api, id, signal);
}
