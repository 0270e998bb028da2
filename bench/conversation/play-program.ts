import { fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProgramOptions, ProgramOutcome } from '../conversation-client.ts';
import type { ServerCounts } from '../servers/chat-server.ts';
import type { DialogueOptions } from '../servers/dialogue-server.ts';
import { startServer } from '../servers/start-server.ts';

export interface PlayedProgram extends ProgramOutcome {
  readonly calls: number;
  /** Sum of the latencies of all calls, shared among the slots, divided by the wall time. */
  readonly efficiency: number;
  /** The same between a quarter and three fifths of the calls, without start and tail. */
  readonly plateau: number;
}

/** A built package has no types to strip. With this cache Node does not load its type stripper, which takes 27 MB. */
const COMPILE_CACHE = join(tmpdir(), 'aloe-bench-compile-cache');
const SAMPLE_MS = 200;

/** Runs one program against a fresh server, each in its own process. */
export async function playProgram(
  latency: DialogueOptions,
  options: Omit<ProgramOptions, 'baseUrl'>,
): Promise<PlayedProgram> {
  const server = await startServer('dialogue', latency);
  const samples: (Pick<ServerCounts, 'requests' | 'latencyMs'> & { readonly at: number })[] = [];
  let going = true;
  async function sample(): Promise<void> {
    while (going) {
      const { requests, latencyMs } = await server.counts();
      samples.push({ requests, latencyMs, at: performance.now() });
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    }
  }
  try {
    const path = fileURLToPath(new URL('../conversation-client.ts', import.meta.url));
    const child = fork(path, [JSON.stringify({ ...options, baseUrl: server.baseUrl })], {
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
    });
    const ended = once(child, 'exit');
    const sampling = sample();
    const [outcome] = (await Promise.race([
      once(child, 'message'),
      ended.then(() => Promise.reject(new Error(`"${options.program}" ended early.`))),
    ])) as [ProgramOutcome];
    going = false;
    await sampling;
    await ended;
    const { requests, latencyMs } = await server.counts();
    const [from, to] = [1 / 4, 3 / 5].map((share) =>
      samples.find((each) => each.requests >= share * requests),
    );
    return {
      ...outcome,
      calls: requests,
      efficiency: latencyMs / options.concurrency / outcome.wallMs,
      plateau:
        from === undefined || to === undefined || from === to
          ? Number.NaN
          : (to.latencyMs - from.latencyMs) / options.concurrency / (to.at - from.at),
    };
  } finally {
    going = false;
    await server.stop();
  }
}
