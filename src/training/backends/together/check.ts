import * as z from 'zod';
import type { JsonValue } from '../../../json-value.ts';
import { findingsOf, ok, problem, warning } from '../../doctor/findings.ts';
import type { TrainingJob } from '../../job/training-job.ts';
import type { Finding } from '../../training-backend.ts';
import type { EngineApi } from '../engine-api.ts';
import { type HostedFiles, withHostedFiles } from '../hosted/files.ts';
import { isNumber, leftOutOptions, onlyStage } from '../hosted/request.ts';
import { type TogetherRequest, TRANSLATED } from './request.ts';
import { JOBS_PATH, type TogetherLimits, togetherJob, togetherLimits } from './wire.ts';

/** Checks that Together answers and trains this model, that the rows are valid, and which options it cannot translate. */
export async function checkTogether(
  api: EngineApi,
  job: TrainingJob,
  requestFor: (files: HostedFiles) => TogetherRequest,
  signal: AbortSignal | undefined,
): Promise<Finding[]> {
  return [
    await findingsOf('service', async () => {
      await api.read(z.object({ data: z.array(togetherJob) }), { method: 'GET', path: JOBS_PATH, signal });
      return [ok('service', `${api.url.host} answers and accepts the key.`)];
    }),
    await findingsOf('job', async () => {
      const stage = onlyStage(job);
      const leftOut = leftOutOptions(stage, TRANSLATED);
      return withHostedFiles(stage, signal, async (files) => [
        ok('data', `${files.train.rows} rows, ${files.train.bytes} bytes.`),
        leftOut.length === 0
          ? ok('options', 'All are translated.')
          : warning(
              'options',
              `Together has no equivalent of: ${leftOut.join(', ')}.`,
              'Together uses its own settings instead. Set those with "settings".',
            ),
        ...(await findingsOf('model', () => checkLimits(api, stage.method, requestFor(files), signal))),
      ]);
    }),
  ].flat();
}

async function checkLimits(
  api: EngineApi,
  method: 'sft' | 'dpo',
  request: TogetherRequest,
  signal: AbortSignal | undefined,
): Promise<Finding[]> {
  const model = String(request.model ?? request.from_checkpoint).split(':')[0]!;
  const path = `${JOBS_PATH}/models/limits`;
  const response = await api.call({ method: 'GET', path, query: { model_name: model }, signal });
  if (response.status === 404) {
    return [problem('model', `Together does not train ${model}.`, 'Choose one of the models it lists.')];
  }
  const broken = exceeded(method, request, api.parse(togetherLimits, response));
  return [
    broken.length === 0
      ? ok('model', `Together trains ${model} with these settings.`)
      : problem('model', `Together's limits for ${model}: ${broken.join(', ')}.`, 'Lower these options.'),
  ];
}

/** The fields of a request above their limits, as `batch_size 16 (at most 8)`. */
function exceeded(method: 'sft' | 'dpo', request: TogetherRequest, limits: TogetherLimits): string[] {
  const type = request.training_type as Readonly<Record<string, JsonValue>>;
  const batches = type.type === 'Full' ? limits.full_training : limits.lora_training;
  if (type.type === 'Full' && !batches) return ['only LoRA, no training of all weights'];
  const most = method === 'dpo' ? batches?.max_batch_size_dpo : batches?.max_batch_size;
  const length = method === 'dpo' ? limits.max_seq_length_dpo : limits.max_seq_length_sft;
  const pairs = [
    ['batch_size', request.batch_size, most],
    ['max_seq_length', request.max_seq_length, length],
    ['n_epochs', request.n_epochs, limits.max_num_epochs],
    ['lora_r', type.lora_r, batches?.max_rank],
  ] as const;
  return pairs.flatMap(([name, value, limit]) =>
    isNumber(value) && limit && value > limit ? [`${name} ${value} (at most ${limit})`] : [],
  );
}
