import { InvalidOptionError, MissingKeyError } from '../../errors.ts';
import { checkKnownOptions, flag } from '../../internal/option-checks.ts';
import { checkNumber } from '../../internal/options.ts';
import { redact, registerSecret } from '../../redact.ts';
import { failureReason } from '../folder/folder-logs.ts';
import { stepValues } from '../folder/folder-metrics.ts';
import { checkOneNode, withCheckedJobs } from '../job/check-job.ts';
import type { TrainingJob } from '../job/training-job.ts';
import type { TrainingBackend, TrainingHandle, TrainingStatus } from '../training-backend.ts';
import { checkHandle, locationOf } from '../training-handle.ts';
import { acceptCancel } from './accept-cancel.ts';
import { engineApi } from './engine-api.ts';
import { unknownJob } from './hosted/status.ts';
import { checkHub } from './hugging-face-jobs/check.ts';
import { uploadFolder } from './hugging-face-jobs/data.ts';
import { type HubFolder, renderHubFolder, SCRIPT, STEP } from './hugging-face-jobs/folder.ts';
import { getJob, type HubJobSpec, labelsFor, startJob } from './hugging-face-jobs/jobs.ts';
import { type LogLine, readLog } from './hugging-face-jobs/logs.ts';
import { hubStatus, hubTree, jobPath, jobsPath, repoPath } from './hugging-face-jobs/wire.ts';
import { refuseLocalBase } from './refuse-local-base.ts';

/** Options of {@link huggingFaceJobs}. */
export interface HuggingFaceJobsOptions {
  /** Model repository for the result, with its owner: `me/bees-7b`. It is created, private, if it is not there. */
  readonly repo: string;
  /** The machine, by the hub's name: `a10g-small`, `a100-large`, `h200`. */
  readonly flavor: string;
  /** User or organisation that runs the job and pays for it. Default: the owner of `repo`. */
  readonly namespace?: string | undefined;
  /** Private dataset repository for the data of jobs. Created if it is not there. Default: `repo` with `-jobs`. */
  readonly dataRepo?: string | undefined;
  /**
   * Access token with the right to write to both repositories and to start jobs. The job gets it as a secret, to read its
   * base model and push its result. Default: the environment variable HF_TOKEN, but only without `hubUrl`.
   */
  readonly token?: string | undefined;
  /** Docker image with bash and Python. Default `python:3.12`. */
  readonly image?: string | undefined;
  /** Whether the job first installs TRL and the rest, in the versions of `setupPython()`. Default true. */
  readonly install?: boolean | undefined;
  /** How often the job is tried. Each attempt starts from the beginning. Default 1. */
  readonly attempts?: number | undefined;
  /** More environment variables of the job that are secret: `{ WANDB_API_KEY: '…' }`. Default: none. */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
  /** Address of the hub. Default `https://huggingface.co`. */
  readonly hubUrl?: string | undefined;
  /** Timeout for a response, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number | undefined;
}

const NAME = 'hugging-face-jobs';
const HUB_URL = 'https://huggingface.co';

/** Where the container sees the job's directory. */
const MOUNT = '/aloe';

/**
 * Trains with Hugging Face Jobs, on one machine of the hub. The job's directory is uploaded to a private dataset
 * repository, which the job mounts; the trained model is pushed to a model repository of yours, tagged with the job's key.
 * Needs `@huggingface/hub`.
 *
 * Jobs carry a label made from their content, so that a job that is there is found and nothing is paid for twice. A job
 * that failed or was cancelled starts from the beginning when you submit it again: a container leaves no checkpoints.
 *
 * @throws InvalidOptionError for an unknown option, or an invalid repository, URL, secret or number.
 * @example
 * ```ts
 * import { interactToAlign } from 'aloe-align/training';
 * import { huggingFaceJobs } from 'aloe-align/training/hugging-face-jobs';
 *
 * const backend = huggingFaceJobs({ repo: 'me/bees-0.6b', flavor: 'a10g-small' });
 * const job = await interactToAlign({
 *   base: 'Qwen/Qwen3-0.6B',
 *   dpo: 'data/trl-dpo.train.jsonl',
 *   resources: { gpus: 1, timeLimitMinutes: 120 },
 * });
 * console.table(await backend.check(job)); // the price, among others
 * const handle = await backend.submit(job);
 * ```
 */
export function huggingFaceJobs(options: HuggingFaceJobsOptions): TrainingBackend {
  checkKnownOptions<HuggingFaceJobsOptions>('huggingFaceJobs()', options, {
    repo: true,
    flavor: true,
    namespace: true,
    dataRepo: true,
    token: true,
    image: true,
    install: true,
    attempts: true,
    secrets: true,
    hubUrl: true,
    timeoutMs: true,
  });
  const { hubUrl, flavor, image = 'python:3.12', timeoutMs } = options;
  const repo = checkRepo('repo', options.repo);
  const dataRepo = checkRepo('dataRepo', options.dataRepo ?? `${repo}-jobs`);
  const namespace = options.namespace ?? repo.slice(0, repo.indexOf('/'));
  if (typeof flavor !== 'string' || flavor === '') {
    throw new InvalidOptionError('flavor', 'the name of a machine, such as "a10g-small"', flavor);
  }
  const install = flag(true)(options.install, 'install');
  const attempts = checkNumber('attempts', options.attempts ?? 1, { min: 1, integer: true });
  const secrets = checkSecrets(options.secrets ?? {});
  const token = options.token ?? (hubUrl === undefined ? process.env.HF_TOKEN : undefined);
  const server = {
    option: 'hubUrl',
    url: hubUrl ?? HUB_URL,
    example: 'a URL such as https://huggingface.co',
  };
  const api = engineApi(NAME, server, { apiKey: token, timeoutMs });
  const hub = api.url.href.replace(/\/+$/, '');

  function render(job: TrainingJob): Promise<HubFolder> {
    checkOneNode(job, 'one machine of the hub');
    refuseLocalBase(job);
    return renderHubFolder(job, { repo, install });
  }

  function specFor({ name, resources }: TrainingJob, key: string): HubJobSpec {
    const minutes = resources.timeLimitMinutes;
    return {
      dockerImage: image,
      command: ['bash', `${MOUNT}/${SCRIPT}`],
      arguments: [],
      environment: hubUrl === undefined ? {} : { HF_ENDPOINT: hub },
      flavor,
      ...(minutes !== undefined && { timeoutSeconds: Math.ceil(minutes * 60) }),
      ...(attempts > 1 && { attempts }),
      labels: labelsFor(name, key),
      volumes: [{ type: 'dataset', source: dataRepo, mountPath: MOUNT, path: key, readOnly: true }],
    };
  }

  function logOf(handle: TrainingHandle, signal: AbortSignal | undefined): Promise<readonly LogLine[]> {
    return readLog(api, jobPath(locationOf(handle, 'namespace'), handle.id, '/logs'), signal);
  }

  async function getStatus(handle: TrainingHandle, signal: AbortSignal | undefined): Promise<TrainingStatus> {
    const job = await getJob(api, locationOf(handle, 'namespace'), handle.id, signal);
    if (job === undefined) return unknownJob(api, handle.id);
    const status = hubStatus(job);
    if (status.state !== 'failed') return status;
    // The hub tells the exit code, and the log what happened.
    const lines = textOf(await logOf(handle, signal));
    return { ...status, reason: failureReason(lines) ?? status.reason ?? 'The job failed.' };
  }

  return withCheckedJobs({
    name: NAME,

    async submit(job, { signal } = {}) {
      signal?.throwIfAborted();
      const folder = await render(job);
      if (!token) throw new MissingKeyError('Hugging Face Jobs', 'HF_TOKEN', 'token');
      const spec = { ...specFor(job, folder.key), secrets: { ...secrets, HF_TOKEN: token } };
      const upload = (): Promise<void> =>
        uploadFolder(api, folder, { repo: dataRepo, hubUrl: hub, token }, signal);
      const given = await startJob(api, namespace, spec, upload, signal);
      const time = Date.parse(given.createdAt ?? '');
      return {
        schema: 'aloe-training-handle/1',
        backend: NAME,
        id: given.id,
        job: { name: job.name, id: folder.id },
        submittedAt: new Date(time || Date.now()).toISOString(),
        location: { server: api.url.href, namespace, repo, tag: folder.key },
      };
    },

    async preview(job) {
      const folder = await render(job);
      const names = Object.fromEntries(
        [...Object.keys(secrets), 'HF_TOKEN'].map((name) => [name, '[redacted]']),
      );
      const spec = { ...specFor(job, folder.key), secrets: names };
      const actions = [
        `POST ${api.locate({ path: '/api/repos/create' })} (datasets/${dataRepo}, private; skipped if it is there)`,
        ...Object.entries(folder.inputs).map(
          ([path, { path: source }]) => `upload ${source} to datasets/${dataRepo}/${folder.key}/${path}`,
        ),
        `upload the files below to datasets/${dataRepo}/${folder.key} (one commit; skipped if it is there)`,
        `POST ${api.locate({ path: jobsPath(namespace) })} (job.json)`,
      ];
      return {
        actions,
        files: { ...folder.files, 'job.json': redact(`${JSON.stringify(spec, null, 2)}\n`) },
      };
    },

    async status(handle, { signal } = {}) {
      checkHandle(NAME, handle);
      return getStatus(handle, signal);
    },

    async logs(handle, cursor = '0', { signal } = {}) {
      checkHandle(NAME, handle);
      const lines = await logOf(handle, signal);
      const start = /^\d+$/.test(cursor) ? Number(cursor) : 0;
      return {
        text: redact(textOf(lines.slice(start))),
        cursor: String(Math.max(start, lines.length)),
      };
    },

    async metrics(handle, { signal } = {}) {
      checkHandle(NAME, handle);
      return (await logOf(handle, signal)).flatMap(({ text }) => {
        const [, stage, json] = STEP_LINE.exec(text) ?? [];
        const step = json === undefined ? null : stepValues(json);
        return stage === undefined || step === null ? [] : [{ stage, ...step }];
      });
    },

    async cancel(handle, { signal } = {}) {
      checkHandle(NAME, handle);
      const path = jobPath(locationOf(handle, 'namespace'), handle.id, '/cancel');
      const response = await api.call({ method: 'POST', path, signal });
      await acceptCancel(api, response, () => getStatus(handle, signal));
    },

    async artifacts(handle, { signal } = {}) {
      checkHandle(NAME, handle);
      if ((await getStatus(handle, signal)).state !== 'succeeded') return [];
      const [name, tag] = [locationOf(handle, 'repo'), locationOf(handle, 'tag')];
      const path = repoPath('models', name, `/tree/${encodeURIComponent(tag)}`);
      const tree = await api.read(hubTree, { method: 'GET', path, query: { recursive: 'true' }, signal });
      const files = tree.filter((entry) => entry.type === 'file' && entry.path !== '.gitattributes');
      return files.map((file) => ({
        path: file.path,
        location: `${hub}/${name}/resolve/${tag}/${file.path.split('/').map(encodeURIComponent).join('/')}`,
        bytes: file.size ?? null,
        sha256: file.lfs?.oid ?? null,
      }));
    },

    check: (job, { signal } = {}) => checkHub({ api, job, namespace, flavor, dataRepo, signal }),
  });
}

const STEP_LINE = new RegExp(`^${STEP} ([\\w-]+) (\\{.*\\})\\s*$`);

/** Logged steps are metrics, not output. */
function textOf(lines: readonly LogLine[]): string {
  return lines
    .filter(({ text }) => !STEP_LINE.test(text))
    .map(({ text }) => (text.endsWith('\n') ? text : `${text}\n`))
    .join('');
}

function checkRepo(option: string, repo: string): string {
  if (typeof repo === 'string' && /^\w[\w.-]*\/\w[\w.-]*$/.test(repo)) return repo;
  throw new InvalidOptionError(option, 'an owner and a name, such as "me/bees"', repo);
}

function checkSecrets(secrets: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(secrets)) {
    if (!/^[A-Za-z_]\w*$/.test(name) || name === 'HF_TOKEN') {
      throw new InvalidOptionError('secrets', 'names of variables other than HF_TOKEN', name);
    }
    if (typeof value !== 'string') throw new InvalidOptionError(`secrets.${name}`, 'a string', undefined);
    registerSecret(value);
  }
  return secrets;
}
