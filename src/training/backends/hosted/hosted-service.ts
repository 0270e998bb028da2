import { redact } from '../../../redact.ts';
import { renderJob } from '../../folder/render-job.ts';
import type { TrainingJob, TrainingStage } from '../../job/training-job.ts';
import type { TrainingBackend, TrainingHandle, TrainingStatus } from '../../training-backend.ts';
import { checkHandle } from '../../training-handle.ts';
import { acceptCancel } from '../accept-cancel.ts';
import type { EngineApi } from '../engine-api.ts';
import { describeUploads, fileNames, type HostedFiles, withHostedFiles } from './files.ts';
import { onlyStage } from './request.ts';

/** What differs between services that are sent a stage's files and a request that names them. */
export interface HostedService<Request extends object> {
  /** Names the backend in handles and errors. */
  readonly name: string;
  readonly api: EngineApi;
  /** Where files are uploaded to. */
  readonly uploadPath: string;
  /** Where jobs are created. */
  readonly jobsPath: string;
  readonly cancelPath: (id: string) => string;
  /** The request body, without the service's ids of the files. */
  readonly requestFor: (job: TrainingJob, stage: TrainingStage, files: HostedFiles) => Request;
  /** Uploads the data if needed, and creates the job, unless it is there. */
  readonly createJob: (
    request: Request,
    files: HostedFiles,
    signal: AbortSignal | undefined,
  ) => Promise<CreatedJob>;
  readonly getStatus: (handle: TrainingHandle, signal: AbortSignal | undefined) => Promise<TrainingStatus>;
}

/** A job that the service has. */
export interface CreatedJob {
  readonly id: string;
  /** Unix milliseconds. Undefined if the service does not say. */
  readonly createdAt: number | undefined;
}

/** The part of a backend that is the same for all such services. */
export function hostedService<Request extends object>(
  service: HostedService<Request>,
): Pick<TrainingBackend, 'name' | 'submit' | 'preview' | 'status' | 'cancel'> {
  const { name, api, uploadPath, jobsPath, cancelPath, requestFor, createJob, getStatus } = service;
  return {
    name,

    async submit(job, { signal } = {}) {
      signal?.throwIfAborted();
      const stage = onlyStage(job);
      const { id: jobId } = await renderJob(job);
      return withHostedFiles(stage, signal, async (files) => {
        const { id, createdAt = Date.now() } = await createJob(requestFor(job, stage, files), files, signal);
        return {
          schema: 'aloe-training-handle/1',
          backend: name,
          id,
          job: { name: job.name, id: jobId },
          submittedAt: new Date(createdAt).toISOString(),
          location: { server: api.url.href, stage: stage.name },
        };
      });
    },

    async preview(job, { signal } = {}) {
      const stage = onlyStage(job);
      return withHostedFiles(stage, signal, async (files) => {
        const request = { ...requestFor(job, stage, files), ...fileNames(files) };
        const actions = [
          ...describeUploads(api, uploadPath, files),
          `POST ${api.locate({ path: jobsPath })} (request.json, with the ids of the uploaded files)`,
        ];
        return { actions, files: { 'request.json': redact(`${JSON.stringify(request, null, 2)}\n`) } };
      });
    },

    async status(handle, { signal } = {}) {
      checkHandle(name, handle);
      return getStatus(handle, signal);
    },

    async cancel(handle, { signal } = {}) {
      checkHandle(name, handle);
      const response = await api.call({ method: 'POST', path: cancelPath(handle.id), signal });
      await acceptCancel(api, response, () => getStatus(handle, signal));
    },
  };
}
