import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ServerCounts } from './chat-server.ts';
import type { DialogueOptions } from './dialogue-server.ts';
import type { HashedLatencyOptions } from './hashed-latency-server.ts';
import type { RateLimitedOptions } from './rate-limited-server.ts';

interface ServerKinds {
  readonly dialogue: DialogueOptions;
  readonly 'hashed-latency': HashedLatencyOptions;
  readonly 'rate-limited': RateLimitedOptions;
}

/** A server in a process of its own. */
export interface BenchServer {
  readonly baseUrl: string;
  counts(): Promise<ServerCounts>;
  stop(): Promise<void>;
}

export async function startServer<Kind extends keyof ServerKinds>(
  kind: Kind,
  options: ServerKinds[Kind],
): Promise<BenchServer> {
  const path = fileURLToPath(new URL(`./${kind}-server.ts`, import.meta.url));
  const child = fork(path, [JSON.stringify(options)]);
  const [{ port }] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${path} ended before it listened.`))),
  ])) as [{ port: number }];
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    // Not with an HTTP request, which would count as another socket and call.
    async counts() {
      const told = once(child, 'message');
      child.send('counts');
      return (await told)[0] as ServerCounts;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
