import * as z from 'zod';
import { createOnce, firstOf } from '../create-once.ts';
import type { EngineApi } from '../engine-api.ts';
import { type HostedFiles, uploadAll, uploadOnce } from '../hosted/files.ts';
import type { HostedFile } from '../hosted/rows.ts';
import { isAlive } from '../hosted/status.ts';
import { isApiError, storedFile } from '../hosted/wire.ts';
import { markOf, type TogetherRequest } from './request.ts';
import {
  JOBS_PATH,
  jobPath,
  type TogetherEvent,
  type TogetherJob,
  togetherEvent,
  togetherJob,
} from './wire.ts';

/** Where files are uploaded to. */
export const UPLOAD_PATH = '/files/upload';

/** Uploads the data if needed, and creates the fine-tune, unless it is there. */
export function createJob(
  api: EngineApi,
  request: TogetherRequest,
  files: HostedFiles,
  signal: AbortSignal | undefined,
): Promise<TogetherJob> {
  const mark = markOf(request);
  const isMarked = ({ suffix, model_output_name: name }: TogetherJob): boolean =>
    Boolean(suffix?.endsWith(mark) || name?.includes(mark));
  const upload = async (file: HostedFile): Promise<string> => {
    const stored = await listAll(api, storedFile, '/files', signal);
    const fields = { purpose: 'fine-tune', file_name: file.name, file_type: 'jsonl' };
    return uploadOnce(api, file, { stored, path: UPLOAD_PATH, fields }, signal);
  };
  return createOnce(api, {
    async find() {
      const jobs = await listAll(api, togetherJob, JOBS_PATH, signal);
      return firstOf(
        jobs.filter((job) => isMarked(job) && isAlive(job)),
        ({ created_at: time }) => Date.parse(time ?? '') || 0,
      );
    },
    isKept: isMarked,
    lost: 'the suffix of jobs',
    async create() {
      const json = { ...request, ...(await uploadAll(files, upload)) };
      return api.read(togetherJob, { method: 'POST', path: JOBS_PATH, json, signal });
    },
    cancel: ({ id }) => api.call({ method: 'POST', path: jobPath(id, '/cancel'), signal }),
  });
}

/** The job with this id, or undefined if Together does not know it. */
export async function getJob(
  api: EngineApi,
  id: string,
  signal: AbortSignal | undefined,
): Promise<TogetherJob | undefined> {
  const response = await api.call({ method: 'GET', path: jobPath(id), signal });
  const isUnknown = response.status === 404 && isApiError(response.text);
  return isUnknown ? undefined : api.parse(togetherJob, response);
}

/** A job's events, oldest first. */
export async function listEvents(
  api: EngineApi,
  id: string,
  signal: AbortSignal | undefined,
): Promise<readonly TogetherEvent[]> {
  const events = await listAll(api, togetherEvent, jobPath(id, '/events'), signal);
  return events.toSorted((a, b) => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0));
}

/** Together's lists come as one page. */
async function listAll<Item>(
  api: EngineApi,
  item: z.ZodType<Item>,
  path: string,
  signal: AbortSignal | undefined,
): Promise<readonly Item[]> {
  return (await api.read(z.object({ data: z.array(item) }), { method: 'GET', path, signal })).data;
}
