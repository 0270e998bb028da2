import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep } from '../../../src/internal/sleep.ts';
import { pythonEnvironment } from './python-environment.ts';

const START_MS = 120_000;

export interface RayCluster {
  readonly address: string;
  stop(): Promise<void>;
}

/** A Ray cluster of one node on this machine, which says that it has one GPU. */
export async function startRayCluster(): Promise<RayCluster> {
  const programs = await pythonEnvironment('ray');
  // Ray's sockets lie below it, and a socket's path has at most 107 bytes.
  const folder = await mkdtemp(join(tmpdir(), 'ray-'));
  const [port, dashboardPort] = await Promise.all([freePort(), freePort()]);
  const log = await open(join(folder, 'start.log'), 'a');
  const node = spawn(
    join(programs, 'ray'),
    [
      ...['start', '--head', '--block', '--disable-usage-stats', '--num-cpus=2', '--num-gpus=1'],
      ...['--node-ip-address=127.0.0.1', `--port=${port}`, '--object-store-memory=100000000'],
      ...['--dashboard-host=127.0.0.1', `--dashboard-port=${dashboardPort}`, `--temp-dir=${folder}`],
    ],
    { stdio: ['ignore', log.fd, log.fd], env: { ...process.env, OMP_NUM_THREADS: '1' } },
  );
  await log.close();
  const address = `http://127.0.0.1:${dashboardPort}`;
  const cluster: RayCluster = {
    address,
    async stop() {
      if (node.exitCode === null && node.signalCode === null) {
        const ended = once(node, 'exit');
        // With --block it takes down all that it has started.
        node.kill('SIGTERM');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
  const deadline = Date.now() + START_MS;
  // The dashboard answers before there is a node that runs anything.
  while (!(await hasNode(address))) {
    if (Date.now() > deadline || node.exitCode !== null) {
      const said = await readFile(join(folder, 'start.log'), 'utf8');
      await cluster.stop();
      throw new Error(`Ray did not start:\n${said.slice(-2_000)}`);
    }
    await sleep(500);
  }
  return cluster;
}

async function hasNode(address: string): Promise<boolean> {
  try {
    const response = await fetch(`${address}/api/v0/nodes`);
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
