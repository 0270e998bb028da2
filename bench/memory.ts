/**
 * "memory": resident memory and sockets of the full path with 500 and 2,000 calls in flight, and memory over
 * 100,000 calls. Run with `node bench/memory.ts [--rounds 5] [--quick]`.
 */
import { benchOptions, judged, median, saveFigure } from './measure.ts';
import { playLoad } from './play-load.ts';

const { quick, rounds } = benchOptions();
const CONTENDER = 'aloe-align';
const LATENCY = { meanMs: 100, sigma: 0.3 };
const SETTINGS = [
  { concurrency: 500, calls: quick ? 20_000 : 100_000 },
  { concurrency: 2_000, calls: 15_000 },
] as const;

interface Round {
  readonly concurrency: number;
  readonly calls: number;
  readonly mostRssMb: number;
  /** Memory over the last fifth of the calls, divided by that over the second fifth. */
  readonly growth: number;
  readonly sockets: number;
}

const results: Round[] = [];
for (let round = 0; round < rounds; round++) {
  for (const { concurrency, calls } of SETTINGS) {
    const { memory, server } = await playLoad(LATENCY, {
      contender: CONTENDER,
      concurrency,
      warmMs: 0,
      measureMs: 90_000,
      calls,
    });
    const fifth = (number: number) =>
      median(
        memory
          .filter((sample) => Math.floor((5 * sample.calls) / calls) === number)
          .map(({ rssMb }) => rssMb),
      );
    const result = {
      concurrency,
      calls: server.requests,
      mostRssMb: Math.max(...memory.map(({ rssMb }) => rssMb)),
      growth: fifth(4) / fifth(1),
      sockets: server.mostOpenSockets,
    };
    results.push(result);
    console.error(JSON.stringify(result));
  }
}

const of = (concurrency: number, value: (round: Round) => number) =>
  results.filter((round) => round.concurrency === concurrency).map(value);
const rss = ({ mostRssMb }: Round) => mostRssMb;
const sockets = ({ sockets }: Round) => sockets;

await saveFigure('memory', {
  quick,
  rounds: results,
  rows: [
    judged('memory', 'most memory at 500 in flight', of(500, rss), { atMost: 160, digits: 0, unit: ' MB' }),
    judged('memory', 'most memory at 2,000 in flight', of(2_000, rss), {
      atMost: 260,
      digits: 0,
      unit: ' MB',
    }),
    judged(
      'memory',
      `last fifth / second fifth of ${SETTINGS[0].calls.toLocaleString('en')} calls`,
      of(500, ({ growth }) => growth),
      { atMost: 1.1, digits: 2 },
    ),
    judged('memory', 'most sockets at C=500', of(500, sockets), { atMost: 500, digits: 0 }),
    judged('memory', 'most sockets at C=2,000', of(2_000, sockets), { atMost: 2_000, digits: 0 }),
  ],
});
