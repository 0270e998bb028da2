/**
 * Fuzzes every reader of foreign bytes, by hand:
 *
 *   npm run fuzz -- --minutes 60 --seed 1 [--only "chat completion"]
 *
 * Prints each different failure with what repeats it: the seed, and the input in base64. A read that keeps a CPU busy for
 * more than two seconds is a failure, since inputs are small.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { MAX_BYTES, mutated } from './mutations.ts';
import type { FuzzTarget } from './target.ts';
import { openTargets } from './targets.ts';

const RUNS_PER_ROUND = 100;
const MAX_CPU_MS = 2_000;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '5' },
    only: { type: 'string' },
  },
});
const firstSeed = Number(values.seed);
const end = Date.now() + Number(values.minutes) * 60_000;

const accepted = new Map<string, number>();

async function readTimed({ name, read }: FuzzTarget, input: Buffer): Promise<void> {
  const before = process.cpuUsage();
  if (await read(input)) accepted.set(name, (accepted.get(name) ?? 0) + 1);
  const { user, system } = process.cpuUsage(before);
  const cpuMs = (user + system) / 1_000;
  if (cpuMs > MAX_CPU_MS)
    throw new Error(`${name}: slow`, { cause: `${cpuMs} ms for ${input.length} bytes` });
}

const { targets, close } = await openTargets();
const chosen = targets.filter(({ name }) => values.only === undefined || name === values.only);
const seen = new Set<string>();
const runs = new Map(chosen.map(({ name }) => [name, 0]));
for (let seed = firstSeed; Date.now() < end; seed++) {
  for (const target of chosen) {
    const property = fc.asyncProperty(mutated(target.inputs), (input) => readTimed(target, input));
    const result = await fc.check(property, { seed, numRuns: RUNS_PER_ROUND });
    runs.set(target.name, runs.get(target.name)! + result.numRuns);
    if (!result.failed) continue;
    const error = result.errorInstance as Error;
    const kind = `${target.name}: ${error.name}: ${error.message.slice(0, 60)}`;
    if (seen.has(kind)) continue;
    seen.add(kind);
    console.log(`\n${kind} (seed ${seed})\n${error.stack}\n${error.cause ?? ''}`);
    console.log(result.counterexample![0].toString('base64').slice(0, (4 / 3) * MAX_BYTES));
  }
}
await close();
for (const [name, count] of runs)
  console.log(`${name}: ${count} inputs, ${accepted.get(name) ?? 0} of them accepted`);
console.log(`${seen.size} kinds of failure, seeds from ${firstSeed}`);
if (seen.size > 0) process.exitCode = 1;
