import { expect, test } from 'vitest';
import { rendezvousOrder } from '../../../src/models/balancing/rendezvous.ts';

const SERVERS = ['gpu1:8000/v1', 'gpu2:8000/v1', 'gpu3:8000/v1', 'gpu4:8000/v1'];
const KEYS = Array.from({ length: 2_000 }, (_, number) => `["conversations","persona-${number}/judge"]`);

test('servers get about equal shares of the keys', () => {
  const firsts = Map.groupBy(KEYS, (key) => rendezvousOrder(key, SERVERS)[0]!);
  for (const keys of [0, 1, 2, 3].map((server) => firsts.get(server)!)) {
    expect(keys.length).toBeGreaterThan(400);
    expect(keys.length).toBeLessThan(600);
  }
});

test('a server that leaves changes nothing for the keys of the others', () => {
  for (const key of KEYS) {
    const [first, second] = rendezvousOrder(key, SERVERS).map((index) => SERVERS[index]!);
    const others = SERVERS.filter((server) => server !== SERVERS[1]);
    const now = others[rendezvousOrder(key, others)[0]!];
    expect(now).toBe(first === SERVERS[1] ? second : first);
  }
});
