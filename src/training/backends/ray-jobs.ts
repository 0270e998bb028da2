import { TrainingError } from '../../errors.ts';
import type { EngineApi } from '../engine-api.ts';
import type { RenderedJob } from '../training-job.ts';
import { packFolder } from './ray-package.ts';
import { isUnknownJob, JOBS_PATH, jobPath, packagePath, type RayJob, rayJob, rayStatus } from './ray-wire.ts';

/** A job's name on the cluster: made of its content, so that the cluster itself refuses a second one. */
export function submissionIdOf({ id }: RenderedJob, attempt: number): string {
  const name = `aloe-${id.slice(0, 16)}`;
  return attempt === 1 ? name : `${name}-${attempt}`;
}

export async function getJob(
  api: EngineApi,
  id: string,
  signal: AbortSignal | undefined,
): Promise<RayJob | undefined> {
  const response = await api.call({ method: 'GET', path: jobPath(id), signal });
  return isUnknownJob(response, id) ? undefined : api.parse(rayJob, response);
}

/** More than anybody makes, and an end where a server calls every attempt failed. */
const MAX_ATTEMPTS = 100;

/**
 * The attempt that is there and has not failed, or the id for the next one.
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
    `${api.url.host} says that ${MAX_ATTEMPTS} attempts of this job have failed or were cancelled.`,
    { hint: 'Look at the logs of the last one. Attempts that are deleted on the cluster count no more.' },
  );
}

/** Hands a job's folder to the cluster, unless it has it. @returns the package's name. */
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

/** Submits a job, unless another was faster. @returns the job as the cluster knows it. */
export async function startJob(
  api: EngineApi,
  id: string,
  body: object,
  signal: AbortSignal | undefined,
): Promise<RayJob | undefined> {
  const response = await api.call({ method: 'POST', path: JOBS_PATH, json: body, signal });
  // Ray answers 500 with a traceback where others say 409.
  if (!response.text.includes(`${id} already exists`)) api.expectSuccess(response);
  return getJob(api, id, signal);
}
