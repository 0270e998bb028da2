import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian keeps each version's programs in a folder of its own, which is not on the path. */
function findPrograms(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, 'bin')).find((dir) => existsSync(join(dir, 'initdb')));
}

const programs = findPrograms();
const isRequired = process.env.ALOE_TEST_POSTGRES === '1';

if (programs === undefined) {
  const missing = 'No PostgreSQL server is installed (Debian package: postgresql).';
  if (isRequired) throw new Error(missing);
  console.warn(
    `${missing} The tests of runs in a database are SKIPPED. ALOE_TEST_POSTGRES=1 makes them required.`,
  );
}

/** Whether a server can be started here. */
export const HAS_POSTGRES: boolean = programs !== undefined;

/** A PostgreSQL server of the test's own. */
export interface PostgresServer {
  readonly port: number;
  /** What the server has said since it was created. */
  log(): string;
  /** The URL of a run in its database `aloe`. */
  url(run: string, user?: string): string;
  /** Carries out statements as the owner. */
  sql(text: string, database?: string): string;
  /** Stops like a crash: without a checkpoint, and every connection breaks. */
  crash(): void;
  start(): Promise<void>;
  /** Crashes and removes its files. */
  remove(): void;
}

/** The server refuses to run as root. */
const isRoot = process.getuid?.() === 0;
const asUser = (command: string, args: readonly string[]): [string, string[]] =>
  isRoot ? ['runuser', ['-u', 'postgres', '--', command, ...args]] : [command, [...args]];

/** Starts a server on a free port of loopback, in a temporary directory. Its owner is `postgres`, without a password. */
export async function startPostgres(): Promise<PostgresServer> {
  const dir = mkdtempSync(join(tmpdir(), 'aloe-postgres-'));
  if (isRoot) {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
    chownSync(dir, id('-u'), id('-g'));
  }
  const data = join(dir, 'data');
  const run = (command: string, ...args: string[]) => {
    const [file, all] = asUser(join(programs!, command), args);
    return execFileSync(file, all, { encoding: 'utf8', cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });
  };
  run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync');
  // Everybody may connect but the user "guarded", who has to know a password.
  writeFileSync(join(data, 'pg_hba.conf'), 'host all guarded all scram-sha-256\nhost all all all trust\n');
  const port = await freePort();
  const sql = (text: string, database = 'aloe') =>
    run(
      'psql',
      '-h',
      '127.0.0.1',
      '-p',
      `${port}`,
      '-U',
      'postgres',
      '-d',
      database,
      '-v',
      'ON_ERROR_STOP=1',
      '-qAtc',
      text,
    );

  let log = '';
  async function start(): Promise<void> {
    const settings = [
      `port=${port}`,
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${dir}`,
      'fsync=off',
    ];
    const [file, args] = asUser(join(programs!, 'postgres'), [
      '-D',
      data,
      ...settings.flatMap((each) => ['-c', each]),
    ]);
    const server = spawn(file, args, { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] });
    server.unref();
    const before = log.length;
    await new Promise<void>((resolve, reject) => {
      server.stderr.on('data', (text) => {
        log += text;
        if (log.slice(before).includes('database system is ready to accept connections')) resolve();
      });
      server.once('exit', () => reject(new Error(`The server does not start: ${log}`)));
    });
    (server.stderr as unknown as { unref(): void }).unref();
  }

  const crash = () => {
    run('pg_ctl', 'stop', '-D', data, '-m', 'immediate', '-s');
  };
  await start();
  sql('CREATE DATABASE aloe', 'postgres');
  return {
    port,
    log: () => log,
    url: (name, user = 'postgres') => `postgres://${user}@127.0.0.1:${port}/aloe?run=${name}`,
    sql,
    crash,
    start,
    remove() {
      crash();
      rmSync(dir, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
