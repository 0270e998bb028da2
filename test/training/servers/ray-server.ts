import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { type EngineServer, sendJson, sendText, startServer } from './http-server.ts';

interface Submission {
  readonly entrypoint: string;
  readonly submission_id: string;
  readonly runtime_env?: { readonly working_dir?: string; readonly env_vars?: Record<string, string> };
  readonly metadata?: Readonly<Record<string, string>>;
  readonly entrypoint_num_gpus?: number;
}

interface Job {
  readonly submission: Submission;
  readonly startTime: number;
  readonly log: string;
  status: 'PENDING' | 'RUNNING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED';
  message: string;
  exitCode: number | null;
  process?: ChildProcess;
}

export interface RayServer extends EngineServer {
  readonly packages: ReadonlyMap<string, Uint8Array>;
  readonly submissions: readonly Submission[];
  /** As after a restart of the cluster: it knows no job any more. */
  forget(): void;
}

export interface RayServerOptions {
  /** A job that wants more waits for ever. Default 1. */
  readonly gpus?: number;
  readonly token?: string;
}

const WAITING =
  'Job has not started yet. It may be waiting for resources (CPUs, GPUs, memory, custom resources) to become available. ' +
  'It may be waiting for the runtime environment to be set up.';

/**
 * Ray's Jobs API as Ray 2.58 answers it: the guard against browsers, the path that must end in a slash, the error 500
 * for an id that is taken, logs as one text. Jobs are run for real, as shell commands in their unpacked packages.
 */
export async function startRayServer(options: RayServerOptions = {}): Promise<RayServer> {
  const { gpus = 1 } = options;
  const root = await mkdtemp(join(tmpdir(), 'ray-server-'));
  const packages = new Map<string, Uint8Array>();
  const jobs = new Map<string, Job>();
  const submissions: Submission[] = [];

  async function start(submission: Submission): Promise<void> {
    const folder = join(root, submission.submission_id);
    const job: Job = {
      submission,
      startTime: Date.now(),
      log: join(root, `${submission.submission_id}.log`),
      status: 'PENDING',
      message: WAITING,
      exitCode: null,
    };
    jobs.set(submission.submission_id, job);
    await mkdir(folder, { recursive: true });
    await writeFile(job.log, '');
    if ((submission.entrypoint_num_gpus ?? 0) > gpus) return;
    const { working_dir: uri, env_vars: variables } = submission.runtime_env ?? {};
    if (uri !== undefined) await unpack(packages.get(uri.replace('gcs://', ''))!, folder);
    job.status = 'RUNNING';
    const command = `exec >>"$RAY_SERVER_LOG" 2>&1; ${submission.entrypoint}`;
    const child = spawn('bash', ['-c', command], {
      cwd: folder,
      env: { ...process.env, ...variables, RAY_SERVER_LOG: job.log },
      stdio: 'ignore',
      detached: true,
    });
    job.process = child;
    child.on('exit', (code) => {
      if (job.status !== 'RUNNING') return;
      job.exitCode = code;
      job.status = code === 0 ? 'SUCCEEDED' : 'FAILED';
      job.message =
        code === 0
          ? 'Job finished successfully.'
          : `Job entrypoint command failed with exit code ${code}, last available logs (truncated to 20,000 chars):\n`;
    });
  }

  const server = await startServer(async ({ method, url, headers, body }, response) => {
    if (method !== 'GET' && isBrowser(headers)) {
      return sendText(response, `'${method}' method not allowed for browser traffic.`, 405);
    }
    if (options.token !== undefined && headers.authorization !== `Bearer ${options.token}`) {
      return sendText(response, 'Unauthorized: Missing authentication token', 401);
    }
    const [, api, kind, ...rest] = url.pathname.split('/');
    if (api !== 'api') return sendText(response, '404: Not Found', 404);
    if (kind === 'version') return sendJson(response, { version: '4', ray_version: '2.58.0' });
    if (kind === 'v0' && rest[0] === 'nodes') {
      const node = { node_id: 'a', state: 'ALIVE', resources_total: { CPU: 2, GPU: gpus } };
      return sendJson(response, { result: true, msg: '', data: { result: { total: 1, result: [node] } } });
    }
    if (kind === 'packages') {
      const name = rest[1] ?? '';
      if (method === 'PUT') packages.set(name, new Uint8Array(body));
      return packages.has(name)
        ? sendJson(response, {})
        : sendText(response, `Package ${name} does not exist`, 404);
    }
    // `/api/jobs/` and `/api/jobs/<id>` are routes; `/api/jobs` is none.
    const [id, action] = rest;
    if (kind !== 'jobs' || id === undefined) return sendText(response, '404: Not Found', 404);
    if (id === '' && method === 'POST') {
      const submission = JSON.parse(body.toString()) as Submission;
      if (jobs.has(submission.submission_id)) {
        return sendText(response, duplicate(submission.submission_id), 500);
      }
      submissions.push(submission);
      await start(submission);
      return sendJson(response, {
        job_id: submission.submission_id,
        submission_id: submission.submission_id,
      });
    }
    const job = jobs.get(id);
    if (job === undefined) return sendText(response, `Job ${id} does not exist`, 404);
    if (method === 'DELETE') {
      if (job.status === 'PENDING' || job.status === 'RUNNING') {
        return sendText(response, `Job '${id}' is in a non-terminal state.`, 500);
      }
      jobs.delete(id);
      return sendJson(response, { deleted: true });
    }
    if (action === 'logs') return sendJson(response, { logs: await readFile(job.log, 'utf8') });
    if (action === 'stop') {
      // A job that waits for resources goes on waiting: whom it would be told to has not been started yet.
      if (job.status === 'RUNNING') {
        job.status = 'STOPPED';
        job.message = 'Job was intentionally stopped.';
        if (job.process?.pid !== undefined) process.kill(-job.process.pid, 'SIGTERM');
      }
      return sendJson(response, { stopped: true });
    }
    sendJson(response, {
      type: 'SUBMISSION',
      submission_id: id,
      status: job.status,
      message: job.message,
      error_type: job.status === 'FAILED' ? 'JOB_ENTRYPOINT_COMMAND_ERROR' : null,
      start_time: job.startTime,
      end_time: null,
      metadata: job.submission.metadata ?? {},
      driver_exit_code: job.exitCode,
    });
  });

  const { close: stop } = server;
  return Object.assign(server, {
    packages,
    submissions,
    forget: () => jobs.clear(),
    close: async () => {
      for (const { process: child, status } of jobs.values()) {
        if (status === 'RUNNING' && child?.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      }
      await stop();
      await rm(root, { recursive: true, force: true });
    },
  });
}

/** What `ray/dashboard/optional_utils.py` takes for a browser. */
function isBrowser(headers: IncomingHttpHeaders): boolean {
  return (
    Object.keys(headers).some(
      (name) => name.startsWith('sec-fetch-') || name === 'origin' || name === 'referer',
    ) || /^Mozilla/i.test(headers['user-agent'] ?? '')
  );
}

function duplicate(id: string): string {
  return `Traceback (most recent call last):
  File "ray/dashboard/modules/job/job_head.py", line 441, in submit_job
    resp = await job_agent_client.submit_job_internal(submit_request)
RuntimeError: Request failed with status code 500: Traceback (most recent call last):
  File "ray/dashboard/modules/job/job_manager.py", line 521, in submit_job
    raise ValueError(
ValueError: Job with submission_id ${id} already exists. Please use a different submission_id.
`;
}

async function unpack(archive: Uint8Array, folder: string): Promise<void> {
  for (const [path, bytes] of Object.entries(unzipSync(archive))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}
