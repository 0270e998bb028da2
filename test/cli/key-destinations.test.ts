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

test('each of several models of a role is a place to which its key goes', () => {
  const preferred = [
    'openai:gpt-4o',
    { model: 'qwen3', baseUrl: 'https://one.example.org/v1', keyEnv: 'ONE_KEY' },
    { model: 'qwen3', baseUrl: 'https://two.example.org/v1', keyEnv: 'TWO_KEY' },
  ];
  expect(keyDestinations({ models: { preferred } })).toEqual([
    { keyEnv: 'ONE_KEY', host: 'one.example.org' },
    { keyEnv: 'TWO_KEY', host: 'two.example.org' },
  ]);
});
