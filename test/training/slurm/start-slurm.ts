import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sleep } from '../../../src/internal/sleep.ts';

const run = promisify(execFile);

/** A Slurm cluster on this machine, made from nothing in a folder of its own. */
export interface SlurmCluster {
  /** What its commands need in their environment. */
  readonly environment: { readonly SLURM_CONF: string };
  stop(): Promise<void>;
}

const START_MS = 180_000;

const FIRST_NODE_PORT = 16_818;

/** Needs Debian's `slurm-wlm` and `munge`, and root. Several nodes are as many daemons, each at a port of its own. */
export async function startSlurm({ nodes = 1 }: { nodes?: number } = {}): Promise<SlurmCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'aloe-slurm-'));
  const config = join(folder, 'slurm.conf');
  const environment = { SLURM_CONF: config };
  // Slurm knows a node by the first part of its machine's name; the others need one that only Slurm knows.
  const host = hostname().split('.')[0]!;
  const names = Array.from({ length: nodes }, (_, index) => (index === 0 ? host : `${host}-${index + 1}`));
  await chmod(folder, 0o755);
  for (const name of ['slurm.conf', 'gres.conf']) {
    const template = await readFile(new URL(name, import.meta.url), 'utf8');
    const text = template
      .replaceAll('FOLDER', folder)
      .replaceAll('HOST', host)
      .replaceAll(
        'NODES',
        names.map((node, index) => nodeLine(node, host, FIRST_NODE_PORT + index)).join('\n'),
      );
    await writeFile(join(folder, name), text);
  }
  for (const name of ['controller', ...names]) await mkdir(join(folder, name));

  const daemons: ChildProcess[] = [];
  function start(command: string, words: readonly string[], owner: object = {}): void {
    const env = { ...process.env, ...environment };
    daemons.push(spawn(command, words, { stdio: 'ignore', env, ...owner }));
  }
  async function stop(): Promise<void> {
    await run('scancel', ['--user=root', '--full', '--signal=KILL'], {
      env: { ...process.env, ...environment },
    }).catch(() => {});
    for (const daemon of daemons.reverse()) {
      if (daemon.exitCode !== null || daemon.pid === undefined) continue;
      const ended = once(daemon, 'exit');
      daemon.kill('SIGTERM');
      await Promise.race([ended, sleep(5_000).then(() => daemon.kill('SIGKILL'))]);
    }
    await rm(folder, { recursive: true, force: true });
  }

  try {
    const owner = await makeMungeFolder(join(folder, 'munge'));
    start('munged', mungeWords(join(folder, 'munge')), owner);
    await waitFor('munged', async () => existsSync(join(folder, 'munge/munge.socket')));
    start('slurmctld', ['-D', '-f', config]);
    for (const name of names) start('slurmd', ['-D', '-f', config, '-N', name]);
    await waitFor('the nodes', async () => {
      const { stdout } = await run('sinfo', ['-h', '-o', '%T|%D'], {
        env: { ...process.env, ...environment },
      });
      return stdout.trim() === `idle|${nodes}`;
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { environment, stop };
}

function nodeLine(name: string, host: string, port: number): string {
  const place = `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${port}`;
  return `${place} CPUs=${availableParallelism()} RealMemory=2000 Gres=gpu:2 State=UNKNOWN`;
}

/** A key and a socket of its own. The daemon refuses to run as root, and where others could write. */
async function makeMungeFolder(folder: string): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (word) => Number((await run('id', [word, 'munge'])).stdout)),
  );
  const owner = { uid: uid!, gid: gid! };
  await mkdir(folder);
  const key = join(folder, 'munge.key');
  await writeFile(key, randomBytes(128), { mode: 0o400 });
  for (const path of [key, folder]) await chown(path, owner.uid, owner.gid);
  return owner;
}

function mungeWords(folder: string): string[] {
  const files = {
    key: 'munge.key',
    socket: 'munge.socket',
    pid: 'munge.pid',
    log: 'munge.log',
    seed: 'munge.seed',
  };
  const place = (name: keyof typeof files): string => join(folder, files[name]);
  return [
    '--foreground',
    `--key-file=${place('key')}`,
    `--socket=${place('socket')}`,
    `--pid-file=${place('pid')}`,
    `--log-file=${place('log')}`,
    `--seed-file=${place('seed')}`,
  ];
}

async function waitFor(what: string, isThere: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (!(await isThere().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`${what} did not start within ${START_MS} ms`);
    await sleep(200);
  }
}
