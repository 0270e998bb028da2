import { createHash } from 'node:crypto';

export interface LatencyOptions {
  /** Mean, in milliseconds. */
  readonly meanMs: number;
  /** Sigma of a lognormal spread; 0 for the same latency each time. Default 0. */
  readonly sigma?: number;
}

/** A latency that depends on the request alone, so that all contenders get equal work. */
export function hashedLatency(body: string, { meanMs, sigma = 0 }: LatencyOptions): number {
  if (sigma === 0) return meanMs;
  const hash = createHash('sha256').update(body).digest();
  const uniform = (offset: number) => (hash.readUInt32LE(offset) + 0.5) / 2 ** 32;
  const normal = Math.sqrt(-2 * Math.log(uniform(0))) * Math.cos(2 * Math.PI * uniform(4));
  return meanMs * Math.exp(sigma * normal - sigma ** 2 / 2);
}
