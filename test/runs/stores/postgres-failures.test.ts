import { expect, test } from 'vitest';
import { parsePostgresUrl } from '../../../src/runs/postgres/address.ts';
import { isAway, mayPass, storageFailure } from '../../../src/runs/postgres/failures.ts';

const address = parsePostgresUrl('postgres://localhost/aloe?run=a');
const failure = (code: string, message = 'the words of the server') =>
  Object.assign(new Error(message), { code });

test.each([
  ['connection refused', failure('ECONNREFUSED'), true, true],
  [
    'every address of a host refused',
    new AggregateError([failure('ECONNREFUSED'), failure('EHOSTUNREACH')]),
    true,
    true,
  ],
  ['connection reset', failure('ECONNRESET'), true, true],
  ['unknown host', failure('ENOTFOUND'), true, true],
  ['broken off', new Error('Connection terminated unexpectedly'), true, true],
  ['no answer in time', new Error('Query read timeout'), true, true],
  ['connection exception', failure('08006'), true, true],
  ['shutting down', failure('57P01'), true, true],
  ['starting', failure('57P03'), true, true],
  ['too many connections', failure('53300'), true, true],
  ['disk full', failure('53100'), true, true],
  ['deadlock', failure('40P01'), false, true],
  ['serialisation failure', failure('40001'), false, true],
  ['wrong password', failure('28P01'), false, false],
  ['missing database', failure('3D000'), false, false],
  ['missing rights', failure('42501'), false, false],
  ['read-only copy', failure('25006'), false, false],
  ['syntax error', failure('42601'), false, false],
  ['certificate of somebody else', failure('ERR_TLS_CERT_ALTNAME_INVALID'), false, false],
  [
    'one of several addresses refuses for good',
    new AggregateError([failure('ECONNREFUSED'), failure('28P01')]),
    false,
    false,
  ],
])('%s', (_what, error, away, pass) => {
  expect([isAway(error), mayPass(error)]).toEqual([away, pass]);
});

test.each([
  ['ECONNREFUSED', 'cannot be reached (the words of the server). Check host and port'],
  ['53100', 'refuses (the words of the server). Free disk space on the server.'],
  ['53300', 'refuses (the words of the server). Close other connections'],
  ['25006', 'refuses (the words of the server). This is a copy that can only be read.'],
  ['3D000', 'refuses (the words of the server). Create the database first'],
  ['XX000', 'refuses (the words of the server). Saved calls are safe. Run the program again to resume.'],
])('%s is told with what to do', (code, words) => {
  expect(storageFailure(address, failure(code)).message).toContain(
    `The database of ${address.name} ${words}`,
  );
});
