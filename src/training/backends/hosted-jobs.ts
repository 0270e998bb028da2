import { TrainingError } from '../../errors.ts';
import type { EngineApi } from '../engine-api.ts';
import { type HostedFiles, uploadOnce } from './hosted-files.ts';
import { type HostedRequest, KEY } from './hosted-request.ts';
import { isAlive } from './hosted-status.ts';
import {
  type HostedEvent,
  type HostedJob,
  hostedEvent,
  hostedJob,
  isApiError,
  JOBS_PATH,
  jobPath,
  listAll,
} from './hosted-wire.ts';

/** The first job that was made for this request and has not failed. */
export async function findJob(
  api: EngineApi,
  { metadata: { [KEY]: key } }: HostedRequest,
  signal: AbortSignal | undefined,
): Promise<HostedJob | undefined> {
  // Services that cannot look by metadata list all; which one it is, we see.
  const query = { [`metadata[${KEY}]`]: key };
  let first: HostedJob | undefined;
  for await (const job of listAll(api, hostedJob, JOBS_PATH, { query, signal })) {
    const isOurs = job.metadata?.[KEY] === key && isAlive(job);
    if (isOurs && (first === undefined || isEarlier(job, first))) first = job;
  }
  return first;
}

/** Of two submitters at once, both must see the same one as the first. */
function isEarlier(a: HostedJob, b: HostedJob): boolean {
  const [timeOfA, timeOfB] = [a.created_at ?? 0, b.created_at ?? 0];
  return timeOfA === timeOfB ? a.id < b.id : timeOfA < timeOfB;
}

/**
 * Sends the data, unless it is there, and makes the job.
 *
 * @throws TrainingError when the service keeps no metadata, by which alone the job would be found again.
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
  // Another submitter may have looked at the same time and found none either. The first one stays, for both.
  const first = await findJob(api, request, signal);
  const isKept = first !== undefined || made.metadata?.[KEY] === request.metadata[KEY];
  if (isKept && (first === undefined || first.id === made.id)) return made;
  const { status } = await api.call({ method: 'POST', path: jobPath(made.id, '/cancel'), signal });
  if (first !== undefined) return first;
  throw new TrainingError(
    api.backend,
    `${api.url.host} keeps no metadata of jobs: submitted again, this one would be paid for twice.`,
    { hint: status < 300 ? `Job ${made.id} was cancelled.` : `Cancel job ${made.id} there: it may go on.` },
  );
}

export async function getJob(
  api: EngineApi,
  id: string,
  signal: AbortSignal | undefined,
): Promise<HostedJob | undefined> {
  const response = await api.call({ method: 'GET', path: jobPath(id), signal });
  const isUnknown = response.status === 404 && isApiError(response.text);
  return isUnknown ? undefined : api.parse(hostedJob, response);
}

/** What the service said of a job after the event with the id `after`, in order: services differ in theirs. */
export async function listEvents(
  api: EngineApi,
  id: string,
  after: string | undefined,
  signal: AbortSignal | undefined,
): Promise<HostedEvent[]> {
  const events: HostedEvent[] = [];
  for await (const event of listAll(api, hostedEvent, jobPath(id, '/events'), { signal })) events.push(event);
  // Turned first: the sort keeps the order of events of one second.
  if ((events[0]?.created_at ?? 0) >= (events.at(-1)?.created_at ?? 0)) events.reverse();
  events.sort((a, b) => a.created_at - b.created_at);
  return events.slice(events.findIndex((event) => event.id === after) + 1);
}
