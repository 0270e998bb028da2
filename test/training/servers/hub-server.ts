import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type EngineServer, sendJson, startServer } from './http-server.ts';
import { HubRepos } from './hub-repos.ts';

interface JobSpec {
  readonly dockerImage: string;
  readonly command: readonly string[];
  readonly arguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly flavor: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly volumes?: readonly {
    readonly source: string;
    readonly mountPath: string;
    readonly path?: string;
  }[];
  readonly [field: string]: unknown;
}

interface Job {
  readonly id: string;
  readonly spec: JobSpec;
  readonly createdAt: string;
  readonly log: { readonly data: string; readonly timestamp: string }[];
  readonly readers: Set<ServerResponse>;
  stage: string;
  message: string | null;
  process?: ChildProcess;
}

export interface HubServer extends EngineServer {
  readonly repos: HubRepos;
  readonly jobs: readonly Job[];
  /** Default true. */
  keepsLabels: boolean;
}

export interface HubServerOptions {
  readonly token: string;
  /** Directories of programs that the jobs' containers see first. */
  readonly path: string;
}

const USER = 'me';
/** Jobs of a page of the list. */
const PAGE = 5;
const HARDWARE = [
  machine('cpu-basic', null, 0.000_167),
  machine('a10g-small', '1', 0.016_67),
  machine('a10g-largex4', '4', 0.083_33),
];

/**
 * The hub's routes for repositories and jobs, in the shapes that the official clients for Node and Python read. Jobs are run
 * for real, as processes of this machine that see their volume as a directory: there is no container around them.
 */
export async function startHubServer({ token, path }: HubServerOptions): Promise<HubServer> {
  const root = await mkdtemp(join(tmpdir(), 'hub-server-'));
  const jobs: Job[] = [];
  const runs: Promise<void>[] = [];
  const repos: HubRepos = new HubRepos(() => server.url);

  async function start(spec: JobSpec): Promise<Job> {
    const id = `68${String(jobs.length + 1).padStart(22, '0')}`;
    const createdAt = new Date(Date.now() + jobs.length).toISOString();
    const job: Job = { id, spec, createdAt, log: [], readers: new Set(), stage: 'SCHEDULING', message: null };
    jobs.unshift(job);
    runs.push(run(job));
    return job;
  }

  async function run(job: Job): Promise<void> {
    const { command, arguments: more = [], environment, secrets, volumes = [] } = job.spec;
    let words = [...command, ...more];
    for (const [index, { source, mountPath, path: part = '' }] of volumes.entries()) {
      const place = join(root, job.id, String(index));
      const files = repos.all.get(`dataset ${source}`)?.files ?? new Map<string, Buffer>();
      for (const [file, bytes] of files) {
        if (!file.startsWith(`${part}/`)) continue;
        const target = join(place, file.slice(part.length + 1));
        await mkdir(dirname(target), { recursive: true });
        await writeFile(target, bytes, { mode: 0o444 });
      }
      words = words.map((word) => word.replace(mountPath, place));
    }
    if (job.stage !== 'SCHEDULING') return;
    job.stage = 'RUNNING';
    tell(job, `===== Job started at ${job.createdAt} =====`);
    const { HOME = '/', PATH = '' } = process.env;
    const child = spawn(words[0]!, words.slice(1), {
      env: { HOME, PATH: `${path}:${PATH}`, TMPDIR: root, ...environment, ...secrets },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    job.process = child;
    const ends = [child.stdout, child.stderr].map(async (stream) => {
      for await (const line of createInterface({ input: stream })) tell(job, line);
    });
    const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
    if (job.stage === 'RUNNING') await Promise.all(ends);
    if (job.stage === 'RUNNING') {
      job.stage = code === 0 ? 'COMPLETED' : 'ERROR';
      job.message = code === 0 ? null : `Job failed with exit code: ${code}. Reason: Error`;
    }
    for (const reader of job.readers) reader.end();
  }

  function stop(job: Job): void {
    if (!['SCHEDULING', 'RUNNING'].includes(job.stage)) return;
    job.stage = 'CANCELED';
    if (job.process?.pid !== undefined) process.kill(-job.process.pid, 'SIGKILL');
  }

  function tell(job: Job, data: string): void {
    const event = { data, timestamp: new Date().toISOString() };
    job.log.push(event);
    for (const reader of job.readers) reader.write(eventText(event));
  }

  function shown({ id, spec, createdAt, stage, message }: Job): object {
    const { secrets = {}, environment = {}, labels, ...rest } = spec;
    return {
      type: 'job',
      id,
      createdAt,
      ...rest,
      environment,
      secrets: Object.keys(secrets),
      ...(engine.keepsLabels && { labels }),
      status: { stage, message, failureCount: 0 },
      owner: { id: 'u1', name: USER, type: 'user' },
    };
  }

  const server = await startServer(async (request, response) => {
    const { method, url, headers, body } = request;
    const refuse = (status: number, error: string) => sendJson(response, { error }, status);
    const isStore = url.pathname.startsWith('/store/');
    if (!isStore && headers.authorization !== `Bearer ${token}`) return refuse(401, 'Invalid credentials');
    if (url.pathname === '/api/whoami-v2') {
      return sendJson(response, {
        type: 'user',
        id: 'u1',
        name: USER,
        canPay: true,
        orgs: [{ name: 'hive' }],
      });
    }
    if (url.pathname === '/api/jobs/hardware') return sendJson(response, HARDWARE);
    const [, namespace, id, action] =
      /^\/api\/jobs\/([^/]+)(?:\/([^/]+)(?:\/(\w+))?)?$/.exec(url.pathname) ?? [];
    if (namespace === undefined) {
      if (!repos.handle(request, response, USER)) refuse(404, `no route ${method} ${url.pathname}`);
      return;
    }
    if (id === undefined && method === 'POST') {
      return sendJson(response, shown(await start(JSON.parse(body.toString()))));
    }
    if (id === undefined) {
      const wanted = url.searchParams.getAll('label').map((label) => label.split('='));
      const found = jobs.filter(({ spec }) => wanted.every(([key, value]) => spec.labels?.[key!] === value));
      const from = Number(url.searchParams.get('cursor') ?? 0);
      if (from + PAGE < found.length) {
        url.searchParams.set('cursor', String(from + PAGE));
        response.setHeader('link', `<${server.url}${url.pathname}${url.search}>; rel="next"`);
      }
      return sendJson(response, found.slice(from, from + PAGE).map(shown));
    }
    const job = jobs.find((candidate) => candidate.id === id);
    if (job === undefined) return refuse(404, 'Job not found');
    if (action === undefined) return sendJson(response, shown(job));
    const isOver = !['SCHEDULING', 'RUNNING'].includes(job.stage);
    if (action === 'cancel') {
      if (isOver) return refuse(400, 'Job is not running');
      stop(job);
      return sendJson(response, shown(job));
    }
    if (action !== 'logs') return refuse(404, 'Not found');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': keep-alive\n\n');
    const tail = Number(url.searchParams.get('tail') ?? Number.POSITIVE_INFINITY);
    response.write(job.log.slice(-tail).map(eventText).join(''));
    if (isOver) response.end();
    else job.readers.add(response);
  });

  const engine: HubServer = Object.assign(server, { repos, jobs, keepsLabels: true });
  const { close } = server;
  engine.close = async () => {
    for (const job of jobs) stop(job);
    await Promise.all(runs);
    await close();
    await rm(root, { recursive: true, force: true });
  };
  return engine;
}

function eventText(event: object): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

function machine(name: string, quantity: string | null, cost: number): object {
  return {
    name,
    prettyName: name,
    cpu: '2 vCPU',
    ram: '16 GB',
    accelerator: quantity && { type: 'gpu', model: 'A10G', quantity, vram: '24 GB', manufacturer: 'Nvidia' },
    unitCostMicroUSD: Math.round(cost * 1e6),
    unitCostUSD: cost,
    unitLabel: 'minute',
  };
}
