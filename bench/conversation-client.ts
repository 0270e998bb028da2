/**
 * A process that builds conversations or plays an evaluation, with this library or by hand, on the second core, and reports
 * time and memory. Started by `playProgram`.
 */
import { buildByHand, evaluateByHand } from './conversation/by-hand.ts';
import { buildWithAloe, evaluateWithAloe } from './conversation/with-aloe.ts';
import type { Work } from './conversation/work.ts';
import { pinToCore } from './pin-to-core.ts';

export type Program =
  | 'build with aloe-align'
  | 'build by hand'
  | 'evaluate with aloe-align'
  | 'evaluate by hand';

export interface ProgramOptions extends Omit<Work, 'onCall'> {
  readonly program: Program;
  /** Report as of the first call that is sent, too. */
  readonly watchFirstCall?: boolean;
}

export interface ProgramOutcome {
  readonly wallMs: number;
  /** CPU time of the process from the start of the work, all threads, user and system. Importing is not counted. */
  readonly cpuUs: number;
  /** The same until the first call was sent; null if none was, or nobody watched. */
  readonly firstCallCpuUs: number | null;
  /** Resident memory every 250 ms, in megabytes. */
  readonly rssMb: readonly number[];
  /** Used part of the JavaScript heap at the same moments. The least of it, soon after a collection, is about what is alive. */
  readonly heapMb: readonly number[];
}

const PROGRAMS: Readonly<Record<Program, (work: Work) => Promise<void>>> = {
  'build with aloe-align': buildWithAloe,
  'build by hand': buildByHand,
  'evaluate with aloe-align': evaluateWithAloe,
  'evaluate by hand': evaluateByHand,
};

pinToCore(1);
const { program, watchFirstCall = false, ...work } = JSON.parse(process.argv[2]!) as ProgramOptions;
const rssMb: number[] = [];
const heapMb: number[] = [];
function sample(): void {
  const { rss, heapUsed } = process.memoryUsage();
  rssMb.push(rss / 2 ** 20);
  heapMb.push(heapUsed / 2 ** 20);
}
const sampling = setInterval(sample, 250);
let firstCallCpuUs: number | null = null;
const cpu = process.cpuUsage();
const usedUs = () => {
  const { user, system } = process.cpuUsage(cpu);
  return user + system;
};
const start = performance.now();
await PROGRAMS[program]({
  ...work,
  onCall: watchFirstCall ? () => (firstCallCpuUs ??= usedUs()) : undefined,
});
sample();
const outcome: ProgramOutcome = {
  wallMs: performance.now() - start,
  cpuUs: usedUs(),
  firstCallCpuUs,
  rssMb,
  heapMb,
};
clearInterval(sampling);
process.send?.(outcome, () => process.exit());
if (process.send === undefined)
  console.log({ ...outcome, rssMb: Math.max(...rssMb), heapMb: Math.min(...heapMb) });
