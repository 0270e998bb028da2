import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sleep } from '../../../src/internal/sleep.ts';
import { pythonEnvironment } from './python-environment.ts';

const ATTEMPTS = 3;
const START_MS = 180_000;
/** When `ray start` has looked at all its parts once. */
const SETTLED_MS = 3_000;

export interface RayCluster {
  readonly address: string;
  /** It answers nobody else. */
  readonly token: string;
  stop(): Promise<void>;
}

/** A Ray cluster of two nodes on this machine, each of which says that it has one GPU. */
export async function startRayCluster(): Promise<RayCluster> {
  const program = join(await pythonEnvironment('ray'), 'ray');
  for (let attempt = 1; ; attempt++) {
    try {
      return await startNodes(program);
    } catch (error) {
      // Ray gives its parts half a minute to find each other, which on a busy machine is too short for a first start.
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

async function startNodes(program: string): Promise<RayCluster> {
  // Ray's sockets lie below it, and a socket's path has at most 107 bytes.
  const folder = await mkdtemp(join(tmpdir(), 'ray-'));
  const token = randomBytes(24).toString('hex');
  const [port, dashboardPort] = await Promise.all([freePort(), freePort()]);
  const log = await open(join(folder, 'start.log'), 'a');
  const nodes: ChildProcess[] = [];
  function start(...words: string[]): void {
    const own = ['--num-cpus=2', '--num-gpus=1', '--object-store-memory=100000000'];
    const node = spawn(program, ['start', '--block', ...own, ...words], {
      stdio: ['ignore', log.fd, log.fd],
      // Ray imports modules from its working directory.
      cwd: folder,
      env: {
        ...process.env,
        // As in Ray's images, where the driver of a job on several nodes finds its Python.
        PATH: `${dirname(program)}:${process.env.PATH}`,
        OMP_NUM_THREADS: '1',
        RAY_AUTH_MODE: 'token',
        RAY_AUTH_TOKEN: token,
        RAY_raylet_start_wait_time_s: '120',
        RAY_DASHBOARD_SUBPROCESS_MODULE_WAIT_READY_TIMEOUT: '120',
      },
    });
    nodes.push(node);
  }
  const address = `http://127.0.0.1:${dashboardPort}`;
  const hasEnded = (node: ChildProcess) => node.exitCode !== null || node.signalCode !== null;
  const deadline = Date.now() + START_MS;

  async function stop(): Promise<void> {
    // The head comes last: the others ask it.
    for (const node of nodes.toReversed()) {
      if (hasEnded(node)) continue;
      const ended = once(node, 'exit');
      // With --block it takes down all that it has started.
      node.kill('SIGTERM');
      await ended;
    }
    await log.close();
    await rm(folder, { recursive: true, force: true });
  }
  /** The dashboard answers before there is a node that runs anything. */
  async function untilAlive(): Promise<void> {
    while (!nodes.some(hasEnded) && Date.now() < deadline) {
      if ((await countNodes(address, token)) === nodes.length) return;
      await sleep(500);
    }
  }

  start(
    ...['--head', '--disable-usage-stats', '--node-ip-address=127.0.0.1', `--port=${port}`],
    ...['--dashboard-host=127.0.0.1', `--dashboard-port=${dashboardPort}`, `--temp-dir=${folder}`],
  );
  await untilAlive();
  start(`--address=127.0.0.1:${port}`, '--node-ip-address=127.0.0.2');
  await untilAlive();
  await sleep(SETTLED_MS);
  if (!nodes.some(hasEnded) && (await countNodes(address, token)) === nodes.length) {
    return { address, token, stop };
  }
  const said = await readFile(join(folder, 'start.log'), 'utf8');
  await stop();
  throw new Error(`Ray did not start:\n${said.slice(-2_000)}`);
}

async function countNodes(address: string, token: string): Promise<number> {
  try {
    const response = await fetch(`${address}/api/v0/nodes`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return (await response.text()).split('"ALIVE"').length - 1;
  } catch {
    return 0;
  }
}

/** Below what Ray keeps for its workers (10002-19999). */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 6_400 + Math.floor(Math.random() * 3_000);
    const server = createServer().listen(port, '127.0.0.1');
    const free = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ]);
    server.close();
    if (free) return port;
  }
}
