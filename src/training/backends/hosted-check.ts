import * as z from 'zod';
import type { EngineApi } from '../engine-api.ts';
import { findingsOf, ok, warning } from '../findings.ts';
import type { Finding } from '../training-backend.ts';
import type { TrainingJob } from '../training-job.ts';
import { withHostedFiles } from './hosted-files.ts';
import { leftOutOptions, onlyStage } from './hosted-request.ts';
import { hostedJob, JOBS_PATH } from './hosted-wire.ts';

/** OpenAI refuses fewer. */
const MIN_ROWS = 10;

/** Checks that a hosted service answers, that the rows are valid, and which options it cannot translate. */
export async function checkHosted(
  api: EngineApi,
  job: TrainingJob,
  signal: AbortSignal | undefined,
): Promise<Finding[]> {
  return [
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
