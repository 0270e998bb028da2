import { checkKnownOptions } from '../../internal/option-checks.ts';
import { redact } from '../../redact.ts';
import { renderJob } from '../folder/render-job.ts';
import { withCheckedJobs } from '../job/check-job.ts';
import type { TrainingJob, TrainingStage } from '../job/training-job.ts';
import type { TrainingBackend, TrainingHandle, TrainingStatus } from '../training-backend.ts';
import { checkHandle, locationOf } from '../training-handle.ts';
import { acceptCancel } from './accept-cancel.ts';
import { API_OPTION_NAMES, type EngineApiOptions, engineApi } from './engine-api.ts';
import { checkHosted } from './hosted/check.ts';
import { describeUploads, fileNames, type HostedFiles, withHostedFiles } from './hosted/files.ts';
import { createJob, getJob, listEvents } from './hosted/jobs.ts';
import { type HostedRequest, type Hyperparameter, hostedRequest, onlyStage } from './hosted/request.ts';
import { hostedStatus, unknownJob } from './hosted/status.ts';
import { JOBS_PATH, jobPath, numbersOf } from './hosted/wire.ts';

export type { Hyperparameter } from './hosted/request.ts';

/** Options of {@link hosted}. */
export interface HostedBackendOptions extends EngineApiOptions {
  /** Base URL of the service, including `/v1`. */
  readonly baseUrl: string;
  /**
   * Hyperparameters by the service's own names. They override those translated from the job. Default: none; the service
   * decides whatever cannot be translated.
   */
  readonly hyperparameters?: Readonly<Record<string, Hyperparameter>> | undefined;
}

const NAME = 'hosted';

/**
 * Trains at a service with OpenAI's API for files and fine-tuning jobs. A job must have exactly one stage, and its
 * `base` is the service's name for a model. For DPO after SFT, use the model that SFT produced. Files may hold TRL's rows
 * or the service's own. Uploaded data and existing jobs are found again, so nothing is sent or paid for twice.
 *
 * @throws InvalidOptionError for an unknown option, or an invalid URL, key, header or timeout.
 * @example
 * ```ts
 * import { interactToAlign } from 'aloe-align/training';
 * import { hosted } from 'aloe-align/training/hosted';
 *
 * const backend = hosted({ baseUrl: 'https://api.example.com/v1', apiKey: process.env.SERVICE_KEY });
 * const handle = await backend.submit(await interactToAlign({ base: 'small-model', sft: 'data/trl-sft.train.jsonl' }));
 * ```
 */
export function hosted(options: HostedBackendOptions): TrainingBackend {
  checkKnownOptions('hosted()', options, { ...API_OPTION_NAMES, baseUrl: true, hyperparameters: true });
  const server = {
    option: 'baseUrl',
    url: options.baseUrl,
    example: 'a URL such as https://api.openai.com/v1',
  };
  const api = engineApi(NAME, server, options);

  /** The request body, without the service's ids of the files. */
  function requestFor(job: TrainingJob, stage: TrainingStage, files: HostedFiles): HostedRequest {
    return hostedRequest(job, stage, files, options.hyperparameters ?? {});
  }

  async function getStatus({ id }: TrainingHandle, signal: AbortSignal | undefined): Promise<TrainingStatus> {
    const job = await getJob(api, id, signal);
    return job === undefined ? unknownJob(api, id) : hostedStatus(job);
  }

  return withCheckedJobs({
    name: NAME,

    async submit(job, { signal } = {}) {
      signal?.throwIfAborted();
      const stage = onlyStage(job);
      const { id: jobId } = await renderJob(job);
      return withHostedFiles(stage, signal, async (files) => {
        const request = requestFor(job, stage, files);
        const given = await createJob(api, request, files, signal);
        return {
          schema: 'aloe-training-handle/1',
          backend: NAME,
          id: given.id,
          job: { name: job.name, id: jobId },
          submittedAt: new Date(given.created_at ? given.created_at * 1_000 : Date.now()).toISOString(),
          location: { server: api.url.href, stage: stage.name },
        };
      });
    },

    async preview(job, { signal } = {}) {
      const stage = onlyStage(job);
      return withHostedFiles(stage, signal, async (files) => {
        const request = { ...requestFor(job, stage, files), ...fileNames(files) };
        const actions = [
          ...describeUploads(api, '/files', files),
          `POST ${api.locate({ path: JOBS_PATH })} (request.json, with the ids of the uploaded files)`,
        ];
        return { actions, files: { 'request.json': `${JSON.stringify(request, null, 2)}\n` } };
      });
    },

    async status(handle, { signal } = {}) {
      checkHandle(NAME, handle);
      return getStatus(handle, signal);
    },

    async logs(handle, cursor = '', { signal } = {}) {
      checkHandle(NAME, handle);
      const events = await listEvents(api, handle.id, cursor, signal);
      const lines = events.map(({ created_at, level, message }) =>
        redact(`${new Date(created_at * 1_000).toISOString()} ${level ?? 'info'} ${message}\n`),
      );
      return { text: lines.join(''), cursor: events.at(-1)?.id ?? cursor };
    },

    async metrics(handle, { signal } = {}) {
      checkHandle(NAME, handle);
      const stage = locationOf(handle, 'stage');
      const events = await listEvents(api, handle.id, undefined, signal);
      return events.flatMap(({ type, data }) => {
        const { step, ...values } = numbersOf(data ?? {});
        return type === 'metrics' && step !== undefined ? [{ stage, step, values }] : [];
      });
    },

    async cancel(handle, { signal } = {}) {
      checkHandle(NAME, handle);
      const response = await api.call({ method: 'POST', path: jobPath(handle.id, '/cancel'), signal });
      await acceptCancel(api, response, () => getStatus(handle, signal));
    },

    async artifacts(handle, { signal } = {}) {
      checkHandle(NAME, handle);
      const job = await getJob(api, handle.id, signal);
      if (!job?.fine_tuned_model || hostedStatus(job).state !== 'succeeded') return [];
      const results = (job.result_files ?? []).map((id) => ({
        path: id,
        location: api.locate({ path: `/files/${encodeURIComponent(id)}/content` }),
        bytes: null,
        sha256: null,
      }));
      return [...results, { path: 'model', location: job.fine_tuned_model, bytes: null, sha256: null }];
    },

    check: (job, { signal } = {}) => checkHosted(api, job, signal),
  });
}
