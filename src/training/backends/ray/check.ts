import { isAbsolute } from 'node:path';
import { findingsOf, ok, warning } from '../../doctor/findings.ts';
import { exists } from '../../folder/job-folder.ts';
import { renderJob } from '../../folder/render-job.ts';
import type { TrainingJob } from '../../job/training-job.ts';
import type { Finding } from '../../training-backend.ts';
import type { EngineApi } from '../engine-api.ts';
import { packFolder } from './package.ts';
import { rayNodes, rayVersion } from './wire.ts';

/** Options of {@link checkRay}. */
export interface CheckRayOptions {
  readonly api: EngineApi;
  readonly job: TrainingJob;
  readonly dir: string;
  readonly upload: 'package' | 'dir';
  readonly signal: AbortSignal | undefined;
}

/** Checks whether a Ray cluster can run the job, as far as this machine can tell. */
export async function checkRay({ api, job, dir, upload, signal }: CheckRayOptions): Promise<Finding[]> {
  const findings = await Promise.all([
    findingsOf('cluster', async () => {
      const { ray_version: version } = await api.read(rayVersion, {
        method: 'GET',
        path: '/api/version',
        signal,
      });
      return [ok('cluster', `${api.url.host} answers. It runs Ray ${version}.`)];
    }),
    findingsOf('gpus', async () => {
      const call = { method: 'GET', path: '/api/v0/nodes', query: { detail: '1' }, signal } as const;
      const nodes = (await api.read(rayNodes, call)).data.result.result.filter(
        ({ state }) => state === 'ALIVE',
      );
      const most = Math.max(0, ...nodes.map(({ resources_total: total }) => total?.GPU ?? 0));
      return [
        most >= job.resources.gpus
          ? ok('gpus', `${job.resources.gpus} requested; the largest node has ${most}.`)
          : warning(
              'gpus',
              `${job.resources.gpus} requested; the largest node has ${most}.`,
              'Request fewer, or add a node. Until then the job waits, and Ray cannot cancel it.',
            ),
      ];
    }),
    findingsOf('job', async () => {
      const rendered = await renderJob(job);
      if (upload === 'dir') return [];
      const { bytes } = await packFolder(rendered);
      return [ok('package', `${bytes.length} bytes.`)];
    }),
    findingsOf('dir', async () => [
      (await exists(dir))
        ? ok('dir', `${dir} is visible from this machine.`)
        : warning(
            'dir',
            `${dir} is not visible from this machine.`,
            'Mount it under this path to get metrics and checksums. Training needs it on the cluster only.',
          ),
    ]),
  ]);
  const base = isAbsolute(job.base)
    ? [warning('base', `${job.base} is a directory.`, 'Make sure it exists under this path on the cluster.')]
    : [];
  return [...findings.flat(), ...base];
}
