import { TrainingError } from '../../../errors.ts';
import type { EngineApi } from '../engine-api.ts';
import { type HostedFiles, uploadOnce } from './files.ts';
import { type HostedRequest, KEY } from './request.ts';
import { isAlive } from './status.ts';
import {
  type HostedEvent,
  type HostedJob,
  hostedEvent,
  hostedJob,
  isApiError,
  JOBS_PATH,
  jobPath,
  listAll,
} from './wire.ts';

/** The first job created for this request that has not failed. */
export async function findJob(
  api: EngineApi,
  { metadata: { [KEY]: key } }: HostedRequest,
  signal: AbortSignal | undefined,
): Promise<HostedJob | undefined> {
  // Services that cannot filter by metadata list all jobs, so filter here too.
  const query = { [`metadata[${KEY}]`]: key };
  let first: HostedJob | undefined;
  for await (const job of listAll(api, hostedJob, JOBS_PATH, { query, signal })) {
    const isOurs = job.metadata?.[KEY] === key && isAlive(job);
    if (isOurs && (first === undefined || isEarlier(job, first))) first = job;
  }
  return first;
}

/** When two processes submit at once, both must agree on which job is first. */
function isEarlier(a: HostedJob, b: HostedJob): boolean {
  const [timeOfA, timeOfB] = [a.created_at ?? 0, b.created_at ?? 0];
  return timeOfA === timeOfB ? a.id < b.id : timeOfA < timeOfB;
}

/**
 * Uploads the data if needed, and creates the job.
 *
 * @throws TrainingError when the service does not keep metadata, without which the job could not be found again.
 */
export async function createJob(
  api: EngineApi,
  request: HostedRequest,
  { train, validation }: HostedFiles,
  signal: AbortSignal | undefined,
): Promise<HostedJob> {
  const json = {
    ...request,
    training_file: await uploadOnce(api, train, signal),
    ...(validation && { validation_file: await uploadOnce(api, validation, signal) }),
  };
  const made = await api.read(hostedJob, { method: 'POST', path: JOBS_PATH, json, signal });
  // Another process may have submitted at the same time. Both keep the first job.
  const first = await findJob(api, request, signal);
  const isKept = first !== undefined || made.metadata?.[KEY] === request.metadata[KEY];
  if (isKept && (first === undefined || first.id === made.id)) return made;
  const { status } = await api.call({ method: 'POST', path: jobPath(made.id, '/cancel'), signal });
  if (first !== undefined) return first;
  throw new TrainingError(
    api.backend,
    `${api.url.host} does not keep the metadata of jobs, so submitting this one again would pay for it twice.`,
    {
      hint:
        status < 300
          ? `Job ${made.id} was cancelled.`
          : `Job ${made.id} may still be running: cancel it on the service.`,
    },
  );
}

/** The job with this id, or undefined if the service does not know it. */
export async function getJob(
  api: EngineApi,
  id: string,
  signal: AbortSignal | undefined,
): Promise<HostedJob | undefined> {
  const response = await api.call({ method: 'GET', path: jobPath(id), signal });
  const isUnknown = response.status === 404 && isApiError(response.text);
  return isUnknown ? undefined : api.parse(hostedJob, response);
}

/** A job's events after the one with the id `after`, oldest first. Services differ in their order. */
export async function listEvents(
  api: EngineApi,
  id: string,
  after: string | undefined,
  signal: AbortSignal | undefined,
): Promise<HostedEvent[]> {
  const events: HostedEvent[] = [];
  for await (const event of listAll(api, hostedEvent, jobPath(id, '/events'), { signal })) events.push(event);
  // Reverse first: the sort keeps the order of events within the same second.
  if ((events[0]?.created_at ?? 0) >= (events.at(-1)?.created_at ?? 0)) events.reverse();
  events.sort((a, b) => a.created_at - b.created_at);
  return events.slice(events.findIndex((event) => event.id === after) + 1);
}
