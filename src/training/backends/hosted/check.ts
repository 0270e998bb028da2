import * as z from 'zod';
import { findingsOf, ok, problem, warning } from '../../doctor/findings.ts';
import type { TrainingJob } from '../../job/training-job.ts';
import type { Finding } from '../../training-backend.ts';
import type { EngineApi } from '../engine-api.ts';
import { withHostedFiles } from './files.ts';
import { leftOutOptions, onlyStage } from './request.ts';
import { hostedJob, JOBS_PATH } from './wire.ts';

/** OpenAI refuses fewer. */
const MIN_ROWS = 10;

/** OpenAI accepts no new fine-tuning jobs from this day on. */
const OPENAI_CLOSES = '2027-01-06';

/** Checks that a hosted service answers, that the rows are valid, and which options it cannot translate. */
export async function checkHosted(
  api: EngineApi,
  job: TrainingJob,
  signal: AbortSignal | undefined,
): Promise<Finding[]> {
  return [
    api.url.hostname === 'api.openai.com' ? [openAIClosing(new Date())] : [],
    await findingsOf('service', async () => {
      const page = z.object({ data: z.array(hostedJob) });
      await api.read(page, { method: 'GET', path: JOBS_PATH, query: { limit: '1' }, signal });
      return [ok('service', `${api.url.host} answers and has a fine-tuning API.`)];
    }),
    await findingsOf('job', async () => {
      const stage = onlyStage(job);
      const leftOut = leftOutOptions(stage);
      return withHostedFiles(stage, signal, async ({ train }) => [
        train.rows < MIN_ROWS
          ? warning('data', `${train.rows} rows.`, `Some services require at least ${MIN_ROWS}. Add more.`)
          : ok('data', `${train.rows} rows, ${train.bytes} bytes.`),
        leftOut.length === 0
          ? ok('options', 'All are translated.')
          : warning(
              'options',
              `Hosted services have no equivalent of: ${leftOut.join(', ')}.`,
              'The service uses its own settings instead. Set those with "hyperparameters".',
            ),
      ]);
    }),
  ].flat();
}

function openAIClosing(now: Date): Finding {
  const remedy = 'Train elsewhere: together(), huggingFaceJobs(), or another service with this API.';
  return now < new Date(OPENAI_CLOSES)
    ? warning('openai', `OpenAI will accept no new fine-tuning jobs from ${OPENAI_CLOSES} on.`, remedy)
    : problem('openai', `OpenAI has accepted no new fine-tuning jobs since ${OPENAI_CLOSES}.`, remedy);
}
