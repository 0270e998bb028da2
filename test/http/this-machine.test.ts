import { expect, test } from 'vitest';
import { isThisMachine } from '../../src/http/this-machine.ts';

const hostOf = (url: string) => new URL(url).hostname;

test.each([
  'localhost',
  'LOCALHOST',
  '127.0.0.1',
  '127.1',
  '2130706433',
  '127.9.9.9',
  '0.0.0.0',
  '[::1]',
  '[::]',
])('%s is this machine', (host) => {
  expect(isThisMachine(hostOf(`http://${host}:8000/v1`))).toBe(true);
});

test.each(['::1', '::'])('so is %s, without the brackets of a URL', (host) => {
  expect(isThisMachine(host)).toBe(true);
});

test.each([
  'localhost.evil.example',
  'evil-localhost',
  'key.localhost',
  '127.0.0.1.evil.example',
  '128.0.0.1',
  '10.0.0.1',
  '192.168.0.1',
  '[::2]',
  '[fe80::1]',
])('%s is another', (host) => {
  expect(isThisMachine(hostOf(`http://${host}:8000/v1`))).toBe(false);
});

test.each(['', '1', '127', '127.0.0', '127x0x0x1', ' localhost', '::11', '[::1'])(
  'and so is %j, whatever it is',
  (host) => {
    expect(isThisMachine(host)).toBe(false);
  },
);
