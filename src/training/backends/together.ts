import { InvalidOptionError } from '../../errors.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import type { JsonValue } from '../../json-value.ts';
import { redact, registerVariables } from '../../redact.ts';
import { renderJob } from '../folder/render-job.ts';
import { withCheckedJobs } from '../job/check-job.ts';
import type { TrainingJob, TrainingStage } from '../job/training-job.ts';
import type { TrainingBackend, TrainingHandle, TrainingStatus } from '../training-backend.ts';
import { checkHandle, locationOf } from '../training-handle.ts';
import { acceptCancel } from './accept-cancel.ts';
import { API_OPTION_NAMES, type EngineApiOptions, engineApi } from './engine-api.ts';
import { describeUploads, fileNames, type HostedFiles, withHostedFiles } from './hosted/files.ts';
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
    name: NAME,

    async submit(job, { signal } = {}) {
      signal?.throwIfAborted();
      const stage = onlyStage(job);
      const { id: jobId } = await renderJob(job);
      return withHostedFiles(stage, signal, async (files) => {
        const given = await createJob(api, requestFor(job, stage, files), files, signal);
        const time = Date.parse(given.created_at ?? '');
        return {
          schema: 'aloe-training-handle/1',
          backend: NAME,
          id: given.id,
          job: { name: job.name, id: jobId },
          submittedAt: new Date(time || Date.now()).toISOString(),
          location: { server: api.url.href, stage: stage.name },
        };
      });
    },

    async preview(job, { signal } = {}) {
      const stage = onlyStage(job);
      return withHostedFiles(stage, signal, async (files) => {
        const request = { ...requestFor(job, stage, files), ...fileNames(files) };
        const actions = [
          ...describeUploads(api, UPLOAD_PATH, files),
          `POST ${api.locate({ path: JOBS_PATH })} (request.json, with the ids of the uploaded files)`,
        ];
        return { actions, files: { 'request.json': redact(`${JSON.stringify(request, null, 2)}\n`) } };
      });
    },

    async status(handle, { signal } = {}) {
      checkHandle(NAME, handle);
      return getStatus(handle, signal);
    },

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

    async cancel(handle, { signal } = {}) {
      checkHandle(NAME, handle);
      const response = await api.call({ method: 'POST', path: jobPath(handle.id, '/cancel'), signal });
      await acceptCancel(api, response, () => getStatus(handle, signal));
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
