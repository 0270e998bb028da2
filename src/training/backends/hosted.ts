import { InvalidOptionError } from '../../errors.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import { redact } from '../../redact.ts';
import { withCheckedJobs } from '../job/check-job.ts';
import type { TrainingBackend, TrainingHandle, TrainingStatus } from '../training-backend.ts';
import { checkHandle, locationOf } from '../training-handle.ts';
import { API_OPTION_NAMES, type EngineApiOptions, engineApi } from './engine-api.ts';
import { checkHosted } from './hosted/check.ts';
import { hostedService } from './hosted/hosted-service.ts';
import { createJob, getJob, listEvents } from './hosted/jobs.ts';
import { type Hyperparameter, hostedRequest } from './hosted/request.ts';
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
  const { hyperparameters = {} } = options;
  if (typeof hyperparameters !== 'object' || hyperparameters === null || Array.isArray(hyperparameters)) {
    throw new InvalidOptionError('hyperparameters', 'an object with values by name', hyperparameters);
  }

  async function getStatus({ id }: TrainingHandle, signal: AbortSignal | undefined): Promise<TrainingStatus> {
    const job = await getJob(api, id, signal);
    return job === undefined ? unknownJob(api, id) : hostedStatus(job);
  }

  return withCheckedJobs({
    ...hostedService({
      name: NAME,
      api,
      uploadPath: '/files',
      jobsPath: JOBS_PATH,
      cancelPath: (id) => jobPath(id, '/cancel'),
      requestFor: (job, stage, files) => hostedRequest(job, stage, files, hyperparameters),
      async createJob(request, files, signal) {
        const { id, created_at: seconds } = await createJob(api, request, files, signal);
        return { id, createdAt: seconds ? seconds * 1_000 : undefined };
      },
      getStatus,
    }),

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
