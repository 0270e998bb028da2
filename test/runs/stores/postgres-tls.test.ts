import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunStorageError } from '../../../src/errors.ts';
import { openRun } from '../../../src/runs/run.ts';
import { HAS_POSTGRES, type PostgresServer, startPostgres } from './postgres-server.ts';

describe.skipIf(!HAS_POSTGRES)('an encrypted connection to a database', () => {
  let server: PostgresServer;
  let dir: string;
  const certificate = (name: string, subject: string) => {
    const args = `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=${name} -addext subjectAltName=${subject}`;
    execFileSync(
      'openssl',
      [...args.split(' '), '-keyout', join(dir, `${name}.key`), '-out', join(dir, `${name}.crt`)],
      { stdio: 'ignore' },
    );
  };
  beforeAll(async () => {
    server = await startPostgres();
    dir = mkdtempSync(join(tmpdir(), 'aloe-tls-'));
    chmodSync(dir, 0o755);
    certificate('right', 'DNS:localhost,IP:127.0.0.1');
    certificate('wrong', 'DNS:elsewhere.example');
  });
  afterAll(() => {
    server.remove();
    rmSync(dir, { recursive: true });
  });

  /** Makes the server show this certificate. */
  function serve(name: string): void {
    const data = server.sql('SHOW data_directory').trim();
    const { uid, gid } = statSync(data);
    for (const file of ['key', 'crt']) chownSync(join(dir, `${name}.${file}`), uid, gid);
    server.sql(`ALTER SYSTEM SET ssl_key_file = '${join(dir, `${name}.key`)}'`);
    server.sql(`ALTER SYSTEM SET ssl_cert_file = '${join(dir, `${name}.crt`)}'`);
    server.sql('ALTER SYSTEM SET ssl = on');
    server.sql('SELECT pg_reload_conf()');
  }

  const url = (host: string, ca: string) =>
    `${server.url('tls').replace('127.0.0.1', host)}&sslmode=verify-full&sslrootcert=${join(dir, `${ca}.crt`)}`;

  test('is made with the server that the certificate names, and with no other', async () => {
    // Without encryption, the server has none to offer.
    await expect(openRun(url('localhost', 'right'))).rejects.toThrow(/does not support SSL/);
    serve('right');
    await expect.poll(() => server.sql('SHOW ssl')).toBe('on\n');
    for (const host of ['localhost', '127.0.0.1']) {
      const run = await openRun(url(host, 'right'));
      expect(
        server.sql(
          "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name LIKE 'aloe%'",
        ),
      ).toBe('t\n');
      await run.close();
    }
    const strange = openRun(url('localhost', 'wrong'));
    await expect(strange).rejects.toThrow(RunStorageError);
    await expect(strange).rejects.toThrow(/certificate/);

    serve('wrong');
    const elsewhere = openRun(url('localhost', 'wrong'));
    await expect(elsewhere).rejects.toThrow(/elsewhere\.example/);
    await expect(openRun(url('127.0.0.1', 'wrong'))).rejects.toThrow(/127\.0\.0\.1/);
    await expect(openRun(url('localhost', 'absent'))).rejects.toThrow(
      /absent\.crt cannot be read.*Check sslrootcert/,
    );
  });
});
