import { posix } from 'node:path';
import { InvalidOptionError } from '../../errors.ts';
import { checkPath } from '../../internal/check-path.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import { checkChoice, checkNumber } from '../../internal/options.ts';
import { redact, registerVariables, withoutHalfSecret } from '../../redact.ts';
import { listFolderArtifacts } from '../folder/folder-artifacts.ts';
import { readFolderMetrics } from '../folder/folder-metrics.ts';
import { folderOutcome } from '../folder/folder-outcome.ts';
import { describeCopies, exists, writeJobFolder } from '../folder/job-folder.ts';
import { withCheckedJobs } from '../job/check-job.ts';
import type { RenderedJob, TrainingJob } from '../job/training-job.ts';
import type { TrainingBackend, TrainingHandle, TrainingStatus } from '../training-backend.ts';
import { checkHandle, locationOf } from '../training-handle.ts';
import { API_OPTION_NAMES, type EngineApiOptions, engineApi } from './engine-api.ts';
import { checkRay } from './ray/check.ts';
import { findAttempt, getJob, startJob, submissionIdOf, uploadOnce } from './ray/jobs.ts';
import { packFolder } from './ray/package.ts';
import { renderRayJob } from './ray/several-nodes.ts';
import { submissionBody } from './ray/submission.ts';
import { isUnknownJob, JOBS_PATH, jobPath, packagePath, rayLogs, rayStatus } from './ray/wire.ts';

/** Options of {@link ray}. */
export interface RayBackendOptions extends EngineApiOptions {
  /** URL of the cluster's dashboard, such as http://127.0.0.1:8265. */
  readonly address: string;
  /**
   * Directory that all nodes of the cluster share, as an absolute path. Each job gets a subdirectory, and results stay
   * there. If this machine sees it under the same path, metrics and checksums are read from it.
   */
  readonly dir: string;
  /**
   * How the data gets there. `package`: uploaded through Ray, up to 100 MiB zipped. `dir`: this machine writes it to
   * `dir`. Default `package`.
   */
  readonly upload?: 'package' | 'dir' | undefined;
  /** A Python with TRL on the cluster: a program name or an absolute path. Default `python3`. */
  readonly python?: string | undefined;
  /**
   * How long a cancelled trainer may take to exit before it is killed, in milliseconds. Ray counts whole seconds, so it
   * is rounded up. Default 60,000.
   */
  readonly graceMs?: number | undefined;
  /** More fields of Ray's runtime environment: `pip`, `image_uri`, `env_vars`. Default: none. */
  readonly runtimeEnv?: Readonly<Record<string, unknown>> | undefined;
}

const NAME = 'ray';
const UPLOADS = ['package', 'dir'] as const;
const MAX_LOG_BYTES = 256 * 2 ** 20;

/**
 * Trains on a Ray cluster through its Jobs API. On one node, the job's driver does the training; for several, it starts one
 * process on each, once all are free. Ids are made from a job's content, so the cluster itself refuses duplicates. A job that failed or was cancelled resumes
 * from its last checkpoint when you submit it again. For a cluster with token authentication, pass `apiKey`.
 *
 * Ray accepts the cancellation of a job that waits for resources, but carries it out only when it could start the job
 * (seen with 2.58). Until then the state is `queued`.
 *
 * @throws InvalidOptionError for an unknown option, or an invalid address, directory, program, header or number.
 * @example
 * ```ts
 * import { interactToAlign } from 'aloe-align/training';
 * import { ray } from 'aloe-align/training/ray';
 *
 * const backend = ray({ address: 'http://127.0.0.1:8265', dir: '/mnt/shared/aloe' });
 * const job = await interactToAlign({ base: 'HuggingFaceTB/SmolLM2-135M-Instruct', dpo: 'data/trl-dpo.train.jsonl' });
 * const handle = await backend.submit(job);
 * ```
 */
export function ray(options: RayBackendOptions): TrainingBackend {
  checkKnownOptions('ray()', options, {
    ...API_OPTION_NAMES,
    address: true,
    dir: true,
    upload: true,
    python: true,
    graceMs: true,
    runtimeEnv: true,
  });
  const server = { option: 'address', url: options.address, example: 'a URL such as http://127.0.0.1:8265' };
  const api = engineApi(NAME, server, options);
  const upload = checkChoice('upload', options.upload ?? 'package', UPLOADS);
  const graceMs = checkNumber('graceMs', options.graceMs ?? 60_000, { min: 0 });
  const runtimeEnv = checkRuntimeEnv(options.runtimeEnv);
  registerVariables(runtimeEnv.env_vars);
  const python = checkPython(options.python);
  const dir = checkDir(options.dir);

  function folderFor(rendered: RenderedJob): string {
    return posix.join(dir, rendered.id.slice(0, 16));
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
      graceMs,
      runtimeEnv,
    });
  }

  /** Sends the data to the cluster. @returns the package's name, or null if the data is in `dir`. */
  async function sendData(rendered: RenderedJob, signal: AbortSignal | undefined): Promise<string | null> {
    if (upload === 'package') return uploadOnce(api, rendered, signal);
    await writeJobFolder(folderFor(rendered), rendered, signal);
    return null;
  }

  async function getStatus(handle: TrainingHandle, signal: AbortSignal | undefined): Promise<TrainingStatus> {
    const job = await getJob(api, handle.id, signal);
    if (job !== undefined) return rayStatus(job);
    // A restarted cluster forgets its jobs, but their directories are still there.
    const reason = `${api.url.host} does not know job ${handle.id}.`;
    return (await folderOutcome(folderOf(handle))) ?? { state: 'lost', exitCode: null, reason };
  }

  return withCheckedJobs({
    name: NAME,

    async submit(job, { signal } = {}) {
      signal?.throwIfAborted();
      const rendered = await renderRayJob(job);
      const { id, found } = await findAttempt(api, rendered, signal);
      const known =
        found ??
        (await startJob(api, id, bodyFor(job, rendered, id, await sendData(rendered, signal)), signal));
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
      const rendered = await renderRayJob(job);
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
      const text = withoutHalfSecret(logs.slice(start));
      return { text: redact(text), cursor: String(start + text.length) };
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

    check: (job, { signal } = {}) => checkRay({ api, job, dir, upload, python, runtimeEnv, signal }),
  });
}

function folderOf(handle: TrainingHandle): string {
  return locationOf(handle, 'folder');
}

/** Whether this machine can read the job's directory. */
function isVisible(handle: TrainingHandle): Promise<boolean> {
  return exists(posix.join(folderOf(handle), 'manifest.json'));
}

/** A relative path would be resolved in the job's directory on the cluster. */
function checkPython(python: string | undefined): string | undefined {
  if (python === '' || (python?.includes('/') && !posix.isAbsolute(python))) {
    throw new InvalidOptionError('python', 'a program name, or an absolute path on the cluster', python);
  }
  return python;
}

function checkRuntimeEnv(given: RayBackendOptions['runtimeEnv'] = {}): Readonly<Record<string, unknown>> {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given;
  throw new InvalidOptionError('runtimeEnv', "an object with fields of Ray's runtime environment", given);
}

function checkDir(dir: string): string {
  const expected = 'the absolute path of a directory';
  if (!posix.isAbsolute(checkPath('dir', dir, expected))) throw new InvalidOptionError('dir', expected, dir);
  return dir;
}
