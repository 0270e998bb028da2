import { fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoadOptions, LoadOutcome } from './client.ts';
import type { ServerCounts } from './servers/chat-server.ts';
import type { HashedLatencyOptions } from './servers/hashed-latency-server.ts';
import { startServer } from './servers/start-server.ts';

export interface PlayedLoad extends LoadOutcome {
  readonly options: LoadOptions;
  readonly server: ServerCounts;
}

/** A built package has no types to strip. With this cache Node does not load its type stripper, which takes 27 MB. */
const COMPILE_CACHE = join(tmpdir(), 'aloe-bench-compile-cache');

/** Runs one contender against a fresh server, each in its own process. */
export async function playLoad(latency: HashedLatencyOptions, options: LoadOptions): Promise<PlayedLoad> {
  const server = await startServer('hashed-latency', latency);
  try {
    const path = fileURLToPath(new URL('./client.ts', import.meta.url));
    const child = fork(path, [JSON.stringify({ ...options, baseUrl: server.baseUrl })], {
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
    });
    const ended = once(child, 'exit');
    const [outcome] = (await Promise.race([
      once(child, 'message'),
      ended.then(() => Promise.reject(new Error(`The client of ${options.contender} ended early.`))),
    ])) as [LoadOutcome];
    await ended;
    if (outcome.failed > 0) console.error(`${options.contender}: ${outcome.failed} calls failed.`);
    return { ...outcome, options, server: await server.counts() };
  } finally {
    await server.stop();
  }
}
