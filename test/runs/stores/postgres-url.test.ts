import { inspect } from 'node:util';
import { expect, test, vi } from 'vitest';
import { type AloeError, InvalidOptionError } from '../../../src/errors.ts';
import { parsePostgresUrl } from '../../../src/runs/postgres/address.ts';
import { openRun } from '../../../src/runs/run.ts';

const parse = (url: string) => {
  const { name, run, schema, host, port, user, password, database, tls } = parsePostgresUrl(url);
  return { name, run, schema, host, port, user, password, database, tls };
};

test('a URL says where the database is, which run it is, and in which schema', () => {
  expect(parse('postgres://ada:s%40cret%21pass@localhost:5433/aloe?run=first&schema=lab')).toEqual({
    name: 'postgres://localhost:5433/aloe?run=first&schema=lab',
    run: 'first',
    schema: 'lab',
    host: 'localhost',
    port: 5433,
    user: 'ada',
    password: 's@cret!pass',
    database: 'aloe',
    tls: null,
  });
  expect(parse('postgresql://127.0.0.1/aloe?run=study-1.b')).toMatchObject({
    run: 'study-1.b',
    schema: 'aloe',
    user: undefined,
  });
  expect(parse('postgres://[::1]/aloe?run=a')).toMatchObject({
    host: '::1',
    name: 'postgres://[::1]/aloe?run=a',
  });
  expect(parse('postgres:///aloe?host=/var/run/postgresql&run=a')).toMatchObject({
    host: '/var/run/postgresql',
    tls: null,
  });
});

test('a host that is not named is that of PGHOST, and then has to be safe as well', () => {
  vi.stubEnv('PGHOST', 'db.example.org');
  expect(() => parse('postgres:///aloe?run=a')).toThrow(/db\.example\.org.*encrypted/);
  vi.stubEnv('PGHOST', '');
  expect(parse('postgres:///aloe?run=a')).toMatchObject({ host: 'localhost' });
  vi.unstubAllEnvs();
});

test('a connection to another machine is encrypted, and the server is checked', () => {
  const url = 'postgres://ada@db.example.org/aloe?run=first';
  expect(() => parse(url)).toThrow(/sslmode=verify-full/);
  for (const mode of ['disable', 'prefer', 'require', 'verify-ca', 'no-verify']) {
    expect(() => parse(`${url}&sslmode=${mode}`)).toThrow(`sslmode=${mode}`);
  }
  expect(parse(`${url}&sslmode=verify-full&sslrootcert=ca.pem`).tls).toEqual({ ca: 'ca.pem' });
  expect(parse(`${url}&sslmode=verify-full&sslrootcert=system`).tls).toEqual({});
  // On this machine it is refused only where the words promise more than they keep.
  expect(() => parse('postgres://localhost/aloe?run=a&sslmode=require')).toThrow(/sslmode=require/);
  expect(parse('postgres://localhost/aloe?run=a&sslmode=disable').tls).toBeNull();
});

test.each([
  [
    'no run',
    'postgres://localhost/aloe',
    'names no run. Add ?run=NAME, for example postgres://localhost/aloe?run=first.',
  ],
  ['an empty run', 'postgres://localhost/aloe?run=', 'invalid run name, ""'],
  ['a path as run', 'postgres://localhost/aloe?run=runs/first', 'invalid run name, "runs/first"'],
  [
    'an unknown setting',
    'postgres://localhost/aloe?run=a&sslrootcerts=x',
    'unknown setting "sslrootcerts". Settings are run, schema',
  ],
  ['a schema that SQL would fold', 'postgres://localhost/aloe?run=a&schema=Lab', 'Use a lower-case SQL name'],
  ['a schema that is SQL', 'postgres://localhost/aloe?run=a&schema=a;drop', 'Use a lower-case SQL name'],
  ['no slashes', 'postgres:aloe', 'not a valid PostgreSQL URL'],
  [
    'a percent sign that stands for nothing',
    'postgres://a:%zz@localhost/aloe?run=a',
    'not a valid PostgreSQL URL',
  ],
])('%s is refused in words', async (_what, url, message) => {
  const error = await openRun(url).catch((refused: unknown) => refused);
  expect(error).toBeInstanceOf(InvalidOptionError);
  expect((error as AloeError).message).toContain(message);
});

test('no error about a URL shows its password', () => {
  const canary = 'canary-pa55-phrase';
  const urls = [
    `postgres://ada:${canary}@localhost/aloe`,
    `postgres://ada:${canary}@db.example.org/aloe?run=a`,
    `postgres://ada:${canary}@localhost/aloe?run=a&password=${canary}`,
    `postgres:ada:${canary}@localhost`,
    `postgres://ada:${canary}@local host/aloe?run=a`,
  ];
  for (const url of urls) {
    let error: unknown;
    try {
      parsePostgresUrl(url);
    } catch (refused) {
      error = refused;
    }
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(canary);
  }
});
