import { seededRandom } from '../../internal/seeded-random.ts';

/**
 * The order in which servers are preferred for a key: the same in every process, and unchanged among the others when a
 * server leaves (rendezvous hashing).
 *
 * @param servers One text per server that tells it from the others.
 * @returns Indices into `servers`, the most preferred first.
 */
export function rendezvousOrder(key: string, servers: readonly string[]): number[] {
  const weights = servers.map((server) => seededRandom(fnv1a(`${key}\n${server}`))());
  return servers.map((_, index) => index).sort((a, b) => weights[b]! - weights[a]! || a - b);
}

/** The 32-bit FNV-1a hash of a text's UTF-16 units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
