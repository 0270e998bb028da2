import { expect, test } from 'vitest';
import { keyDestinations } from '../../src/cli/study/key-destinations.ts';

test.each([
  ['runs/first', []],
  ['postgres://localhost/aloe?run=a', []],
  ['postgres://[::1]:5433/aloe?run=a', []],
  ['postgres:///aloe?run=a&host=/var/run/postgresql', []],
  ['postgres://ada:of-its-own@db.example.org/aloe?run=a', []],
  ['postgres://ada@db.example.org/aloe?run=a', ['db.example.org']],
  ['postgres://localhost/aloe?run=a&host=db.example.org', ['db.example.org']],
])('a database beyond this machine gets the password of the environment: %s', (run, hosts) => {
  expect(keyDestinations({ run })).toEqual(hosts.map((host) => ({ keyEnv: 'PGPASSWORD', host })));
});
