/**
 * A process that keeps a number of calls in flight through one contender, on the second core, and reports time and
 * memory. Started by `playLoad`.
 */
import { type ContenderName, openContender } from './contenders.ts';
import { pinToCore } from './pin-to-core.ts';

export interface LoadOptions {
  readonly contender: ContenderName;
  readonly concurrency: number;
  /** Warm-up, not counted: opens connections, compiles code, finds the pace. */
  readonly warmMs: number;
  /** How long new calls are started after the warm-up. */
  readonly measureMs: number;
  /** Stops counting after this many calls. Default: no limit. */
  readonly calls?: number;
}

export interface LoadOutcome {
  /** Calls that ended within that time. */
  readonly calls: number;
  readonly failed: number;
  /** Total time of the slots, each from its first call to the end of its last. */
  readonly cold: SlotTime;
  /** The same, from the first call after the warm-up. */
  readonly warm: SlotTime;
  /** CPU time of the process, all threads, user and system. */
  readonly cpuUs: number;
  /** Resident memory every 100 ms, with the number of calls done. */
  readonly memory: readonly { readonly calls: number; readonly rssMb: number }[];
}

export interface SlotTime {
  readonly calls: number;
  readonly ms: number;
}

/** 4 KB, like the middle turns of a conversation. */
const PROMPT = 'What shall I say to them today? '.repeat(128);
const SAMPLE_MS = 100;

pinToCore(1);
const { baseUrl, ...options } = JSON.parse(process.argv[2]!) as LoadOptions & { readonly baseUrl: string };
const { contender, concurrency, warmMs, measureMs, calls: mostCalls = Number.POSITIVE_INFINITY } = options;
const { send, close } = await openContender(contender, baseUrl, concurrency);

let sent = 0;
let done = 0;
let failed = 0;
const cold = { calls: 0, ms: 0 };
const warm = { calls: 0, ms: 0 };
let going = true;
let enough = () => {};
const reachedCalls = new Promise<void>((resolve) => {
  enough = resolve;
});

async function work(): Promise<void> {
  const begun = performance.now();
  let warmed = 0;
  while (going) {
    const number = sent++;
    cold.calls += 1;
    if (warmed === 0 && performance.now() >= warmAt) warmed = performance.now();
    if (warmed > 0) warm.calls += 1;
    try {
      await send(`${number} ${PROMPT}`, number);
    } catch {
      failed += 1;
    }
    done += 1;
    if (done >= mostCalls) enough();
  }
  cold.ms += performance.now() - begun;
  if (warmed > 0) warm.ms += performance.now() - warmed;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const memory: { calls: number; rssMb: number }[] = [];
const sampling = setInterval(
  () => memory.push({ calls: done, rssMb: process.memoryUsage.rss() / 2 ** 20 }),
  SAMPLE_MS,
);
const warmAt = performance.now() + warmMs;
const workers = Array.from({ length: concurrency }, work);
await pause(warmMs);
const cpu = process.cpuUsage();
const doneBefore = done;
await Promise.race([pause(measureMs), reachedCalls]);
const { user, system } = process.cpuUsage(cpu);
const calls = done - doneBefore;
going = false;
clearInterval(sampling);
await Promise.all(workers);
await close();
const outcome: LoadOutcome = { calls, failed, cold, warm, cpuUs: user + system, memory };
process.send!(outcome, () => process.exit());
