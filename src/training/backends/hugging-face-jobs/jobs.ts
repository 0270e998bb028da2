import * as z from 'zod';
import { TrainingError } from '../../../errors.ts';
import { createOnce, firstOf } from '../create-once.ts';
import type { EngineApi } from '../engine-api.ts';
import { isApiError } from '../hosted/wire.ts';
import { type HubJob, hubJob, hubStatus, jobPath, jobsPath } from './wire.ts';

/** The label by which a job is found again. */
const LABEL = 'aloe_job';

/** More than anyone has with one label. Stops at a server that returns pages forever. */
const MAX_PAGES = 100;

/** A job as it is sent. */
export interface HubJobSpec {
  readonly labels: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** The labels of a job: only letters, digits, `-` and `_` are allowed, at most 100. */
export function labelsFor(name: string, key: string): Record<string, string> {
  return { [LABEL]: key, name: name.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 100) };
}

/** Starts the job, unless one with its label is there. */
export function startJob(
  api: EngineApi,
  namespace: string,
  spec: HubJobSpec,
  upload: () => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<HubJob> {
  const isOurs = ({ labels }: HubJob): boolean => labels?.[LABEL] === spec.labels[LABEL];
  return createOnce(api, {
    async find() {
      const jobs = await listJobs(api, namespace, `${LABEL}=${spec.labels[LABEL]}`, signal);
      return firstOf(
        jobs.filter(
          (job) => isOurs(job) && ['queued', 'running', 'succeeded'].includes(hubStatus(job).state),
        ),
        ({ createdAt: time }) => Date.parse(time ?? '') || 0,
      );
    },
    isKept: isOurs,
    lost: 'the labels of jobs',
    async create() {
      await upload();
      return api.read(hubJob, { method: 'POST', path: jobsPath(namespace), json: spec, signal });
    },
    cancel: ({ id }) => api.call({ method: 'POST', path: jobPath(namespace, id, '/cancel'), signal }),
  });
}

/** The job with this id, or undefined if the hub does not know it. */
export async function getJob(
  api: EngineApi,
  namespace: string,
  id: string,
  signal: AbortSignal | undefined,
): Promise<HubJob | undefined> {
  const response = await api.call({ method: 'GET', path: jobPath(namespace, id), signal });
  const isUnknown = response.status === 404 && isApiError(response.text);
  return isUnknown ? undefined : api.parse(hubJob, response);
}

/** The next page's address is in a header. */
async function listJobs(
  api: EngineApi,
  namespace: string,
  label: string,
  signal: AbortSignal | undefined,
): Promise<readonly HubJob[]> {
  const jobs: HubJob[] = [];
  let query: Record<string, string> | undefined = { label };
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const response = await api.call({ method: 'GET', path: jobsPath(namespace), query, signal });
    jobs.push(...api.parse(z.array(hubJob), response));
    const next = /<([^>]*)>; *rel="?next"?/.exec(String(response.headers.link ?? ''))?.[1];
    if (next === undefined || !URL.canParse(next, api.url.href)) return jobs;
    query = Object.fromEntries(new URL(next, api.url).searchParams);
  }
  throw new TrainingError(api.backend, `the list of jobs of ${namespace} never ends.`);
}
