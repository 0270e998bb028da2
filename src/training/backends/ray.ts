import { posix } from 'node:path';
import { InvalidOptionError } from '../../errors.ts';
import { checkChoice, checkNumber } from '../../internal/options.ts';
import { redact } from '../../redact.ts';
import { checkHandle, locationOf } from '../check-handle.ts';
import { checkOneNode } from '../check-one-node.ts';
import { type EngineApiOptions, engineApi } from '../engine-api.ts';
import { listFolderArtifacts } from '../folder-artifacts.ts';
import { readFolderMetrics } from '../folder-metrics.ts';
import { folderOutcome } from '../folder-outcome.ts';
import { describeCopies, exists, writeJobFolder } from '../job-folder.ts';
import { renderJob } from '../render-job.ts';
import type { TrainingBackend, TrainingHandle, TrainingStatus } from '../training-backend.ts';
import type { RenderedJob, TrainingJob } from '../training-job.ts';
import { checkRay } from './ray-check.ts';
import { findAttempt, getJob, startJob, submissionIdOf, uploadOnce } from './ray-jobs.ts';
import { packFolder } from './ray-package.ts';
import { submissionBody } from './ray-submission.ts';
import { isUnknownJob, JOBS_PATH, jobPath, packagePath, rayLogs, rayStatus } from './ray-wire.ts';

export interface RayBackendOptions extends EngineApiOptions {
  /** URL of the cluster's dashboard, such as http://127.0.0.1:8265. */
  readonly address: string;
  /**
   * A folder that all nodes of the cluster share, by its full path there. Jobs train in it, each in a folder of its
   * own, and their results stay in it. Where this machine sees it under the same path, metrics and sums are read from it.
   */
  readonly storage: string;
  /**
   * How a job's data gets there: in a `package` of at most 100 MiB (zipped) that Ray hands on, or written to `storage`
   * by this machine. Default `package`.
   */
  readonly upload?: 'package' | 'storage' | undefined;
  /** A Python with TRL on the cluster: a program's name, or its full path there. Default `python3`. */
  readonly python?: string | undefined;
  /** How long a cancelled trainer may take to end before it is killed, in seconds. Default 60. */
  readonly stopGraceSeconds?: number | undefined;
  /** Further members of Ray's runtime environment: `pip`, `image_uri`, `env_vars`. Default: none. */
  readonly runtimeEnv?: Readonly<Record<string, unknown>> | undefined;
}

const NAME = 'ray';
const UPLOADS = ['package', 'storage'] as const;
const MAX_LOG_BYTES = 256 * 2 ** 20;

/**
 * Trains on a Ray cluster, over its Jobs API. A job's driver is what trains, on one node with the GPUs that were asked
 * for. Jobs are named by their content, so that the cluster itself refuses a second one. A job that failed or was
 * cancelled goes on from its last checkpoint when it is submitted again.
 *
 * Ray takes a cancellation of a job that waits for resources, but carries it out only when it could start the job
 * (seen with 2.58): until then its state is `queued`.
 *
 * For a cluster with token authentication give `apiKey`.
 *
 * @throws InvalidOptionError for a bad address, folder, program, header or number.
 */
export function ray(options: RayBackendOptions): TrainingBackend {
  const server = { option: 'address', url: options.address, example: 'a URL such as http://127.0.0.1:8265' };
  const api = engineApi(NAME, server, options);
  const upload = checkChoice('upload', options.upload ?? 'package', UPLOADS);
  const stopGraceSeconds = checkNumber('stopGraceSeconds', options.stopGraceSeconds ?? 60, {
    min: 0,
    integer: true,
  });
  const { runtimeEnv = {} } = options;
  const python = checkPython(options.python);
  const storage = checkStorage(options.storage);

  function folderFor(rendered: RenderedJob): string {
    return posix.join(storage, rendered.id.slice(0, 16));
  }

  function bodyFor(
    job: TrainingJob,
    rendered: RenderedJob,
    submissionId: string,
    packageName: string | null,
  ): object {
    const { name, resources } = job;
    const folder = folderFor(rendered);
    return submissionBody({
      submissionId,
      name,
      folder,
      packageName,
      resources,
      python,
      stopGraceSeconds,
      runtimeEnv,
    });
  }

  /** Brings the data to where the job finds it. @returns the package's name, where it is one. */
  async function bring(rendered: RenderedJob, signal: AbortSignal | undefined): Promise<string | null> {
    if (upload === 'package') return uploadOnce(api, rendered, signal);
    await writeJobFolder(folderFor(rendered), rendered, signal);
    return null;
  }

  async function getStatus(handle: TrainingHandle, signal: AbortSignal | undefined): Promise<TrainingStatus> {
    const job = await getJob(api, handle.id, signal);
    if (job !== undefined) return rayStatus(job);
    // A cluster that was restarted knows no job of before, but what the job left is still there.
    const reason = `${api.url.host} knows no job ${handle.id}`;
    return (await folderOutcome(folderOf(handle))) ?? { state: 'lost', exitCode: null, reason };
  }

  return {
    name: NAME,

    async submit(job, { signal } = {}) {
      signal?.throwIfAborted();
      checkOneNode(job, 'the node of its driver');
      const rendered = await renderJob(job);
      const { id, found } = await findAttempt(api, rendered, signal);
      const known =
        found ?? (await startJob(api, id, bodyFor(job, rendered, id, await bring(rendered, signal)), signal));
      return {
        schema: 'aloe-training-handle/1',
        backend: NAME,
        id,
        job: { name: job.name, id: rendered.id },
        submittedAt: new Date(known?.start_time ?? Date.now()).toISOString(),
        location: {
          server: api.url.href,
          folder: folderFor(rendered),
          result: rendered.outputs.at(-1) ?? '',
        },
      };
    },

    async preview(job) {
      checkOneNode(job, 'the node of its driver');
      const rendered = await renderJob(job);
      const packed = upload === 'package' ? await packFolder(rendered) : null;
      const body = bodyFor(job, rendered, submissionIdOf(rendered, 1), packed?.name ?? null);
      const data =
        packed === null
          ? describeCopies(folderFor(rendered), rendered)
          : [
              `PUT ${api.locate({ path: packagePath(packed.name) })} (${packed.bytes.length} bytes: the files below and the data)`,
            ];
      return {
        actions: [...data, `POST ${api.locate({ path: JOBS_PATH })} (submission.json)`],
        files: { ...rendered.files, 'submission.json': redact(`${JSON.stringify(body, null, 2)}\n`) },
      };
    },

    async status(handle, { signal } = {}) {
      checkHandle(NAME, handle);
      return getStatus(handle, signal);
    },

    async logs(handle, cursor = '0', { signal } = {}) {
      checkHandle(NAME, handle);
      const call = {
        method: 'GET',
        path: jobPath(handle.id, '/logs'),
        maxResponseBytes: MAX_LOG_BYTES,
        signal,
      } as const;
      const response = await api.call(call);
      const start = /^\d+$/.test(cursor) ? Number(cursor) : 0;
      if (isUnknownJob(response, handle.id)) return { text: '', cursor };
      const { logs } = api.parse(rayLogs, response);
      return { text: logs.slice(start), cursor: String(Math.max(start, logs.length)) };
    },

    async metrics(handle) {
      checkHandle(NAME, handle);
      return (await isVisible(handle)) ? readFolderMetrics(folderOf(handle)) : [];
    },

    async cancel(handle, { signal } = {}) {
      checkHandle(NAME, handle);
      api.expectSuccess(await api.call({ method: 'POST', path: jobPath(handle.id, '/stop'), signal }));
    },

    async artifacts(handle, { signal } = {}) {
      checkHandle(NAME, handle);
      if ((await getStatus(handle, signal)).state !== 'succeeded') return [];
      if (await isVisible(handle)) return listFolderArtifacts(folderOf(handle), signal);
      const path = locationOf(handle, 'result');
      return [{ path, location: posix.join(folderOf(handle), path), bytes: null, sha256: null }];
    },

    check: (job, { signal } = {}) => checkRay({ api, job, storage, upload, signal }),
  };
}

function folderOf(handle: TrainingHandle): string {
  return locationOf(handle, 'folder');
}

/** Whether this machine sees the job's folder. */
function isVisible(handle: TrainingHandle): Promise<boolean> {
  return exists(posix.join(folderOf(handle), 'manifest.json'));
}

/** A relative path would be looked for in the job's folder, which is made on the cluster. */
function checkPython(python: string | undefined): string | undefined {
  if (python === '' || (python?.includes('/') && !posix.isAbsolute(python))) {
    throw new InvalidOptionError('python', 'the name of a program, or its full path on the cluster', python);
  }
  return python;
}

function checkStorage(storage: string): string {
  if (typeof storage !== 'string' || !posix.isAbsolute(storage)) {
    throw new InvalidOptionError('storage', 'the full path of a folder', storage);
  }
  return storage;
}
