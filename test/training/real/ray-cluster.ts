import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** A Ray cluster of one node on this machine, which says that it has one GPU. */
export async function startRayCluster(): Promise<RayCluster> {
  const program = join(await pythonEnvironment('ray'), 'ray');
  for (let attempt = 1; ; attempt++) {
    try {
      return await startNode(program);
    } catch (error) {
      // Ray gives its parts half a minute to find each other, which on a busy machine is too short for a first start.
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

async function startNode(program: string): Promise<RayCluster> {
  // Ray's sockets lie below it, and a socket's path has at most 107 bytes.
  const folder = await mkdtemp(join(tmpdir(), 'ray-'));
  const token = randomBytes(24).toString('hex');
  const [port, dashboardPort] = await Promise.all([freePort(), freePort()]);
  const log = await open(join(folder, 'start.log'), 'a');
  const node = spawn(
    program,
    [
      ...['start', '--head', '--block', '--disable-usage-stats', '--num-cpus=2', '--num-gpus=1'],
      ...['--node-ip-address=127.0.0.1', `--port=${port}`, '--object-store-memory=100000000'],
      ...['--dashboard-host=127.0.0.1', `--dashboard-port=${dashboardPort}`, `--temp-dir=${folder}`],
    ],
    {
      stdio: ['ignore', log.fd, log.fd],
      env: {
        ...process.env,
        OMP_NUM_THREADS: '1',
        RAY_AUTH_MODE: 'token',
        RAY_AUTH_TOKEN: token,
        RAY_raylet_start_wait_time_s: '120',
      },
    },
  );
  await log.close();
  const address = `http://127.0.0.1:${dashboardPort}`;
  const hasEnded = () => node.exitCode !== null || node.signalCode !== null;

  async function stop(): Promise<void> {
    if (!hasEnded()) {
      const ended = once(node, 'exit');
      // With --block it takes down all that it has started.
      node.kill('SIGTERM');
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  }

  const deadline = Date.now() + START_MS;
  // The dashboard answers before there is a node that runs anything.
  while (!hasEnded() && Date.now() < deadline && !(await hasNode(address, token))) await sleep(500);
  await sleep(SETTLED_MS);
  if (!hasEnded() && (await hasNode(address, token))) return { address, token, stop };
  const said = await readFile(join(folder, 'start.log'), 'utf8');
  await stop();
  throw new Error(`Ray did not start:\n${said.slice(-2_000)}`);
}

async function hasNode(address: string, token: string): Promise<boolean> {
  try {
    const response = await fetch(`${address}/api/v0/nodes`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return (await response.text()).includes('"ALIVE"');
  } catch {
    return false;
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
