import { z } from 'zod';
import type { EngineApi } from '../engine-api.ts';
import { findingsOf, ok, warning } from '../findings.ts';
import type { Finding } from '../training-backend.ts';
import type { TrainingJob } from '../training-job.ts';
import { withHostedFiles } from './hosted-files.ts';
import { leftOutOptions, onlyStage } from './hosted-request.ts';
import { hostedJob, JOBS_PATH } from './hosted-wire.ts';

/** Fewer are refused by OpenAI. */
const FEW_ROWS = 10;

/** What stands in the way of a job on a hosted service: its answer, the rows, options that it has no word for. */
export async function checkHosted(
  api: EngineApi,
  job: TrainingJob,
  signal: AbortSignal | undefined,
): Promise<Finding[]> {
  return [
    await findingsOf('service', async () => {
      const page = z.object({ data: z.array(hostedJob) });
      await api.read(page, { method: 'GET', path: JOBS_PATH, query: { limit: '1' }, signal });
      return [ok('service', `${api.url.host} answers, and has a list of fine-tuning jobs`)];
    }),
    await findingsOf('job', async () => {
      const stage = onlyStage(job);
      const leftOut = leftOutOptions(stage);
      return withHostedFiles(stage, signal, async ({ train }) => [
        train.rows < FEW_ROWS
          ? warning('data', `${train.rows} rows`, `Some services refuse fewer than ${FEW_ROWS}: give more.`)
          : ok('data', `${train.rows} rows, ${train.bytes} bytes`),
        leftOut.length === 0
          ? ok('options', 'all are translated')
          : warning(
              'options',
              `not known to hosted services: ${leftOut.join(', ')}`,
              'The service decides these; set its own by "hyperparameters".',
            ),
      ]);
    }),
  ].flat();
}
