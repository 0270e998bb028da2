import { expect, test } from 'vitest';
import { keyDestinations } from '../../src/cli/study/key-destinations.ts';

test.each([
  ['runs/first', []],
  ['postgres://localhost/aloe?run=a', []],
  ['postgres://[::1]:5433/aloe?run=a', []],
  ['postgres:///aloe?run=a&host=/var/run/postgresql', []],
  ['postgres:///aloe?run=a&host=::1', []],
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

test.each([
  ['http://localhost:8000/v1', []],
  ['http://127.0.0.1:8000/v1,http://[::1]:8001/v1', []],
  ['http://127.0.0.1.evil.example/v1', ['127.0.0.1.evil.example']],
  // Some resolvers ask others for it.
  ['http://key.localhost:8000/v1', ['key.localhost:8000']],
  ['http://localhost:8000/v1,https://gpu.example.org/v1', ['gpu.example.org']],
])('a server beyond this machine gets the key that the config names: %s', (baseUrl, hosts) => {
  const models = { judge: { model: 'm', baseUrl, keyEnv: 'KEY' } };
  expect(keyDestinations({ models })).toEqual(hosts.map((host) => ({ keyEnv: 'KEY', host })));
});
