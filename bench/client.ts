/**
 * A process that keeps a number of calls in flight through one contender, on the second core, and tells what that
 * took. Started by `playLoad`.
 */
import { type ContenderName, openContender } from './contenders.ts';
import { pinToCore } from './pin-to-core.ts';

export interface LoadOptions {
  readonly contender: ContenderName;
  readonly concurrency: number;
  /** Not counted: connections are opened, code is compiled and the pace is found in it. */
  readonly warmMs: number;
  /** How long new calls are made after that. */
  readonly measureMs: number;
  /** Ends the counting earlier, when so many calls are done. Default: none. */
  readonly calls?: number;
}

export interface LoadOutcome {
  /** Calls that ended while they were made. */
  readonly calls: number;
  readonly failed: number;
  /** What the slots spent, each from its first call after the start to the end of its last one. */
  readonly cold: SlotTime;
  /** The same from their first call after the warm-up. */
  readonly warm: SlotTime;
  /** Processor time of the process, all its threads, user and system. */
  readonly cpuUs: number;
  /** Resident memory, every 100 ms, with the calls done by then. */
  readonly memory: readonly { readonly calls: number; readonly rssMb: number }[];
}

export interface SlotTime {
  readonly calls: number;
  readonly ms: number;
}

/** 4 KB, as a conversation's middle turns have. */
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
