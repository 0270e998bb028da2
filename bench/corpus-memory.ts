/**
 * "memory" of the builder with its exporter over the paper's corpus: 3,310 conversations of 10 turns at 300 in flight.
 * Reports the most resident memory, what of the heap is alive, and how both grow. Run with
 * `node bench/corpus-memory.ts [--rounds 1] [--quick]`, or
 * `--scale 0.1` for a tenth of the corpus.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { playProgram } from './conversation/play-program.ts';
import { judged, median, saveFigure } from './measure.ts';

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, rounds: { type: 'string' }, scale: { type: 'string' } },
});
const quick = values.quick ?? false;
const scale = Number(values.scale ?? (quick ? 0.1 : 1));
const conversations = Math.round(3_310 * scale);
const CONCURRENCY = 300;

interface Round {
  readonly calls: number;
  readonly mostRssMb: number;
  /** Memory over the last fifth of the time, divided by that over the second fifth. */
  readonly growth: number;
  /** The least of the heap that was in use over the last fifth of the time: what is alive, and some garbage. */
  readonly heapMb: number;
  /** That, divided by the same over the second fifth. */
  readonly heapGrowth: number;
  /** Per call. */
  readonly cpuUs: number;
}

const results: Round[] = [];
for (let round = 0; round < Number(values.rounds ?? 1); round++) {
  const dir = await mkdtemp(join(tmpdir(), 'aloe-bench-'));
  const { calls, rssMb, heapMb, cpuUs } = await playProgram(
    { meanMs: 30, sigma: 0.4 },
    { program: 'build with aloe-align', conversations, turns: 10, concurrency: CONCURRENCY, dir },
  );
  await rm(dir, { recursive: true });
  const fifth = (values: readonly number[], number: number) =>
    values.slice((number * values.length) / 5, ((number + 1) * values.length) / 5);
  const heapOf = (number: number) => Math.min(...fifth(heapMb, number));
  const result = {
    calls,
    mostRssMb: Math.max(...rssMb),
    growth: median(fifth(rssMb, 4)) / median(fifth(rssMb, 1)),
    heapMb: heapOf(4),
    heapGrowth: heapOf(4) / heapOf(1),
    cpuUs: cpuUs / calls,
  };
  results.push(result);
  console.error(JSON.stringify(result));
}

const corpus = `${conversations.toLocaleString('en')} x 10, C=${CONCURRENCY}`;
await saveFigure('corpus-memory', {
  quick,
  rounds: results,
  rows: [
    judged(
      'memory',
      `most, builder, ${corpus}`,
      results.map(({ mostRssMb }) => mostRssMb),
      { atMost: 220, digits: 0, unit: ' MB' },
    ),
    judged(
      'memory',
      `last fifth / second fifth, builder, ${corpus}`,
      results.map(({ growth }) => growth),
      { atMost: 1.1, digits: 2 },
    ),
    judged(
      'memory',
      `heap after collections, builder, ${corpus}`,
      results.map((result) => result.heapMb),
      { digits: 0, unit: ' MB' },
    ),
    judged(
      'memory',
      `the same, last fifth / second fifth, builder, ${corpus}`,
      results.map(({ heapGrowth }) => heapGrowth),
      { atMost: 1.1, digits: 2 },
    ),
    judged(
      'memory',
      `CPU of the builder, ${corpus}`,
      results.map(({ cpuUs }) => cpuUs),
      { digits: 0, unit: ' us a call' },
    ),
  ],
});
