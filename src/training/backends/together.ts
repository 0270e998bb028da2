import { InvalidOptionError } from '../../errors.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import type { JsonValue } from '../../json-value.ts';
import { redact, registerVariables } from '../../redact.ts';
import { withCheckedJobs } from '../job/check-job.ts';
import type { TrainingJob, TrainingStage } from '../job/training-job.ts';
import type { TrainingBackend, TrainingHandle, TrainingStatus } from '../training-backend.ts';
import { checkHandle, locationOf } from '../training-handle.ts';
import { API_OPTION_NAMES, type EngineApiOptions, engineApi } from './engine-api.ts';
import type { HostedFiles } from './hosted/files.ts';
import { hostedService } from './hosted/hosted-service.ts';
import { onlyStage } from './hosted/request.ts';
import { hostedStatus, unknownJob } from './hosted/status.ts';
import { numbersOf } from './hosted/wire.ts';
import { checkTogether } from './together/check.ts';
import { createJob, getJob, listEvents, UPLOAD_PATH } from './together/jobs.ts';
import { type TogetherRequest, togetherRequest } from './together/request.ts';
import { JOBS_PATH, jobPath, togetherMetrics } from './together/wire.ts';

/** Options of {@link together}. */
export interface TogetherBackendOptions extends EngineApiOptions {
  /** Base URL, including `/v1`. Default `https://api.together.ai/v1`. */
  readonly baseUrl?: string | undefined;
  /**
   * Fields of Together's request, such as `{ n_checkpoints: 2, training_type: { type: 'Full' } }`. They override those
   * translated from the job. Default: none.
   */
  readonly settings?: Readonly<Record<string, JsonValue>> | undefined;
}

const NAME = 'together';

/** These identify the job, and come from it. */
const OWN_FIELDS = ['model', 'from_checkpoint', 'training_file', 'validation_file', 'suffix'];

/**
 * Trains at Together: SFT and DPO, with LoRA or all weights. A job must have exactly one stage. Its `base` is Together's name
 * for a model, or the id of an earlier fine-tune (`ft-…`), whose model is trained on: so DPO follows SFT. Files may hold
 * TRL's rows or Together's own. Uploaded data and existing jobs are found again, so nothing is sent or paid for twice.
 *
 * @throws InvalidOptionError for an unknown option, or an invalid URL, key, header, setting or timeout.
 * @example
 * ```ts
 * import { interactToAlign } from 'aloe-align/training';
 * import { together } from 'aloe-align/training/together';
 *
 * const service = together({ apiKey: process.env.TOGETHER_API_KEY });
 * const base = 'Qwen/Qwen3-8B';
 * const sft = await service.submit(await interactToAlign({ base, sft: 'data/trl-sft.train.jsonl' }));
 * // … once it has succeeded:
 * const dpo = await service.submit(await interactToAlign({ base: sft.id, dpo: 'data/trl-dpo.train.jsonl' }));
 * ```
 */
export function together(options: TogetherBackendOptions = {}): TrainingBackend {
  checkKnownOptions('together()', options, { ...API_OPTION_NAMES, baseUrl: true, settings: true });
  const { baseUrl = 'https://api.together.ai/v1', settings = {} } = options;
  const server = { option: 'baseUrl', url: baseUrl, example: 'a URL such as https://api.together.ai/v1' };
  const api = engineApi(NAME, server, options);
  const own = OWN_FIELDS.find((field) => field in settings);
  if (own !== undefined) {
    throw new InvalidOptionError(`settings.${own}`, 'no value, as it comes from the job', settings[own]);
  }
  // `wandb_api_key` and `hf_api_token` are fields of the request.
  registerVariables(settings);

  /** The request body, without Together's ids of the files. */
  function requestFor(job: TrainingJob, stage: TrainingStage, files: HostedFiles): TogetherRequest {
    return togetherRequest(job, stage, files, settings);
  }

  async function getStatus({ id }: TrainingHandle, signal: AbortSignal | undefined): Promise<TrainingStatus> {
    const job = await getJob(api, id, signal);
    if (job === undefined) return unknownJob(api, id);
    const status = hostedStatus(job);
    if (status.state !== 'failed') return status;
    // Why it failed is only in the events.
    const events = await listEvents(api, id, signal);
    const message = events.findLast(({ level, type }) => level === 'error' || type === 'job_error')?.message;
    return message === undefined ? status : hostedStatus({ ...job, error: { message } });
  }

  return withCheckedJobs({
    ...hostedService({
      name: NAME,
      api,
      uploadPath: UPLOAD_PATH,
      jobsPath: JOBS_PATH,
      cancelPath: (id) => jobPath(id, '/cancel'),
      requestFor,
      async createJob(request, files, signal) {
        const { id, created_at: time } = await createJob(api, request, files, signal);
        return { id, createdAt: Date.parse(time ?? '') || undefined };
      },
      getStatus,
    }),

    async logs(handle, cursor = '0', { signal } = {}) {
      checkHandle(NAME, handle);
      const events = await listEvents(api, handle.id, signal);
      const lines = events
        .slice(/^\d+$/.test(cursor) ? Number(cursor) : 0)
        .map(({ created_at: time, level, message }) => redact(`${time} ${level ?? 'info'} ${message}\n`));
      return { text: lines.join(''), cursor: String(events.length) };
    },

    async metrics(handle, { signal } = {}) {
      checkHandle(NAME, handle);
      const stage = locationOf(handle, 'stage');
      const path = jobPath(handle.id, '/metrics');
      const { metrics } = await api.read(togetherMetrics, { method: 'GET', path, signal });
      const steps = (metrics ?? []).flatMap((entry) => {
        const { global_step: global, step = global, ...values } = numbersOf(entry);
        return step === undefined ? [] : [{ stage, step, values }];
      });
      return steps.sort((a, b) => a.step - b.step);
    },

    async artifacts(handle, { signal } = {}) {
      checkHandle(NAME, handle);
      const job = await getJob(api, handle.id, signal);
      if (!job?.model_output_name || hostedStatus(job).state !== 'succeeded') return [];
      const kinds = job.training_type?.type === 'Full' ? ['model_output_path'] : ['adapter', 'merged'];
      const download = api.locate({ path: '/finetune/download' });
      const weights = kinds.map((kind) => ({
        path: kind === 'model_output_path' ? 'weights' : kind,
        location: `${download}?ft_id=${encodeURIComponent(handle.id)}&checkpoint=${kind}`,
        bytes: null,
        sha256: null,
      }));
      return [...weights, { path: 'model', location: job.model_output_name, bytes: null, sha256: null }];
    },

    check: (job, { signal } = {}) =>
      checkTogether(api, job, (files) => requestFor(job, onlyStage(job), files), signal),
  });
}
