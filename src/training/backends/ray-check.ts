import { isAbsolute } from 'node:path';
import type { EngineApi } from '../engine-api.ts';
import { findingsOf, ok, warning } from '../findings.ts';
import { exists } from '../job-folder.ts';
import { renderJob } from '../render-job.ts';
import type { Finding } from '../training-backend.ts';
import type { TrainingJob } from '../training-job.ts';
import { packFolder } from './ray-package.ts';
import { rayNodes, rayVersion } from './ray-wire.ts';

export interface CheckRayOptions {
  readonly api: EngineApi;
  readonly job: TrainingJob;
  readonly storage: string;
  readonly upload: 'package' | 'storage';
  readonly signal: AbortSignal | undefined;
}

/** What stands in the way of a job on a Ray cluster, as far as can be seen from here. */
export async function checkRay({ api, job, storage, upload, signal }: CheckRayOptions): Promise<Finding[]> {
  const findings = await Promise.all([
    findingsOf('cluster', async () => {
      const { ray_version: version } = await api.read(rayVersion, {
        method: 'GET',
        path: '/api/version',
        signal,
      });
      return [ok('cluster', `${api.url.host} answers, Ray ${version}`)];
    }),
    findingsOf('gpus', async () => {
      const call = { method: 'GET', path: '/api/v0/nodes', query: { detail: '1' }, signal } as const;
      const nodes = (await api.read(rayNodes, call)).data.result.result.filter(
        ({ state }) => state === 'ALIVE',
      );
      const most = Math.max(0, ...nodes.map(({ resources_total: total }) => total?.GPU ?? 0));
      return [
        most >= job.resources.gpus
          ? ok('gpus', `a node has ${most}, the job wants ${job.resources.gpus}`)
          : warning(
              'gpus',
              `no node has more than ${most}, the job wants ${job.resources.gpus}`,
              'Ask for fewer, or add a node: until then the job waits, and Ray lets it go only once it could run.',
            ),
      ];
    }),
    findingsOf('job', async () => {
      const rendered = await renderJob(job);
      if (upload === 'storage') return [];
      const { bytes } = await packFolder(rendered);
      return [ok('package', `${bytes.length} bytes`)];
    }),
    findingsOf('storage', async () => [
      (await exists(storage))
        ? ok('storage', `${storage} is seen from here`)
        : warning(
            'storage',
            `${storage} is not seen from here`,
            'Mount it under this path for metrics and sums of results; training needs it on the cluster only.',
          ),
    ]),
  ]);
  const base = isAbsolute(job.base)
    ? [warning('base', `${job.base} is a folder`, 'It must lie there on the cluster.')]
    : [];
  return [...findings.flat(), ...base];
}
