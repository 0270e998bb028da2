import { createOnce, firstOf } from '../create-once.ts';
import type { EngineApi } from '../engine-api.ts';
import { type HostedFiles, uploadAll, uploadOnce } from './files.ts';
import { type HostedRequest, KEY } from './request.ts';
import type { HostedFile } from './rows.ts';
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
  storedFile,
} from './wire.ts';

/** The first job created for this request that has not failed. */
async function findJob(
  api: EngineApi,
  { metadata: { [KEY]: key } }: HostedRequest,
  signal: AbortSignal | undefined,
): Promise<HostedJob | undefined> {
  // Services that cannot filter by metadata list all jobs, so filter here too.
  const query = { [`metadata[${KEY}]`]: key };
  const ours: HostedJob[] = [];
  for await (const job of listAll(api, hostedJob, JOBS_PATH, { query, signal })) {
    if (job.metadata?.[KEY] === key && isAlive(job)) ours.push(job);
  }
  return firstOf(ours, ({ created_at: time }) => time ?? 0);
}

/**
 * Uploads the data if needed, and creates the job, unless it is there.
 *
 * @throws TrainingError when the service does not keep metadata, without which the job could not be found again.
 */
export function createJob(
  api: EngineApi,
  request: HostedRequest,
  files: HostedFiles,
  signal: AbortSignal | undefined,
): Promise<HostedJob> {
  const upload = (file: HostedFile): Promise<string> => {
    const fields = { purpose: 'fine-tune' };
    const stored = listAll(api, storedFile, '/files', { query: fields, signal });
    return uploadOnce(api, file, { stored, path: '/files', fields }, signal);
  };
  return createOnce(api, {
    find: () => findJob(api, request, signal),
    isKept: ({ metadata }) => metadata?.[KEY] === request.metadata[KEY],
    lost: 'the metadata of jobs',
    create: async () => {
      const json = { ...request, ...(await uploadAll(files, upload)) };
      return api.read(hostedJob, { method: 'POST', path: JOBS_PATH, json, signal });
    },
    cancel: ({ id }) => api.call({ method: 'POST', path: jobPath(id, '/cancel'), signal }),
  });
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
