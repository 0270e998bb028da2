import { shellQuote } from '../../../internal/shell-quote.ts';
import { checkPython } from '../../doctor/check-python.ts';
import { findingsOf, ok, problem, warning } from '../../doctor/findings.ts';
import { exists } from '../../folder/job-folder.ts';
import type { TrainingJob } from '../../job/training-job.ts';
import type { Finding } from '../../training-backend.ts';
import type { EngineApi } from '../engine-api.ts';
import { packFolder } from './package.ts';
import { remoteRunner } from './remote-command.ts';
import { renderRayJob, withRay } from './several-nodes.ts';
import { rayNodes, rayVersion } from './wire.ts';

/** Options of {@link checkRay}. */
export interface CheckRayOptions {
  readonly api: EngineApi;
  readonly job: TrainingJob;
  readonly dir: string;
  readonly upload: 'package' | 'dir';
  readonly python: string | undefined;
  readonly runtimeEnv: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Checks whether a Ray cluster can run the job. Its Python is looked at by a small job, which is removed afterwards. GPUs are not
 * checked there: it reserves none.
 */
export async function checkRay(options: CheckRayOptions): Promise<Finding[]> {
  const { api, job, dir, upload, signal } = options;
  const [cluster, ...others] = await Promise.all([
    findingsOf('cluster', async () => {
      const { ray_version: version } = await api.read(rayVersion, {
        method: 'GET',
        path: '/api/version',
        signal,
      });
      return [ok('cluster', `${api.url.host} answers. It runs Ray ${version}.`)];
    }),
    findingsOf('nodes', () => checkNodes(options)),
    findingsOf('job', async () => {
      const rendered = await renderRayJob(job);
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
  const isThere = cluster.every(({ level }) => level === 'ok');
  return [...cluster, ...others.flat(), ...(isThere ? await checkProgram(options) : [])];
}

async function checkNodes({ api, job, signal }: CheckRayOptions): Promise<Finding[]> {
  const call = { method: 'GET', path: '/api/v0/nodes', query: { detail: '1' }, signal } as const;
  const { nodes, gpus } = job.resources;
  const found = (await api.read(rayNodes, call)).data.result.result.filter(({ state }) => state === 'ALIVE');
  const fitting = found.filter(({ resources_total: total }) => (total?.GPU ?? 0) >= gpus);
  const message = `The job needs ${nodes} with ${gpus} GPUs each; ${fitting.length} of that kind exist.`;
  if (fitting.length >= nodes) return [ok('nodes', message)];
  const remedy = 'Request fewer nodes or GPUs, or add nodes. Until then the job waits.';
  return [warning('nodes', message, remedy)];
}

/** Checks Python and, for several nodes, that the driver finds one with Ray. */
async function checkProgram(options: CheckRayOptions): Promise<Finding[]> {
  const { api, job, dir, python = 'python3', runtimeEnv, signal } = options;
  const run = remoteRunner(api, runtimeEnv);
  const findings = await checkPython({ job, folder: dir, python, hasGpus: false, run, signal });
  if (job.resources.nodes === 1) return findings;
  const words = `ALOE_PYTHON=${shellQuote(python)}; ${withRay('exit')}`;
  const driver = await findingsOf('driver', async () => {
    const { exitCode } = await run(['sh', '-c', words], { signal });
    return [
      exitCode === 0
        ? ok('driver', 'A Python of the cluster has Ray, for the driver of a job on several nodes.')
        : problem(
            'driver',
            'No Python has Ray: neither the `python` option nor the cluster’s python3 and python.',
            "Put the cluster's own Python on the PATH of its nodes, or install Ray next to TRL.",
          ),
    ];
  });
  return [...findings, ...driver];
}
