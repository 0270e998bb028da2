/**
 * "statistics": CPU time of the statistics of an evaluation with 100 cases x 10 turns and 10,000 resamples. All of it runs on one
 * thread, so on an idle machine this is also the wall time. Run with `node bench/bootstrap.ts [--rounds 5] [--quick]`.
 */
import { seededRandom } from '../src/internal/seeded-random.ts';
import { bootstrapIntervals, comparePaired, nullBand } from '../src/metrics/index.ts';
import { benchOptions, judged, saveFigure } from './measure.ts';
import { pinToCore } from './pin-to-core.ts';

const { quick, rounds } = benchOptions();
const CASES = 100;
const TURNS = 10;
const PERSONALITIES = 5;

function scoresOf(seed: number): number[][] {
  const random = seededRandom(seed);
  return Array.from({ length: CASES }, () =>
    Array.from({ length: TURNS }, () => 1 + Math.floor(5 * random())),
  );
}

const [first, second] = [scoresOf(1), scoresOf(2)];
const label = (of: (index: number) => number) => first.map((_row, index) => String(of(index)));
const profiles = label((index) => Math.floor(index / PERSONALITIES));
const personalities = label((index) => index % PERSONALITIES);

const WORK: Readonly<Record<string, () => unknown>> = {
  'intervals and null band': () => [bootstrapIntervals(first), nullBand(first)],
  'intervals alone': () => bootstrapIntervals(first),
  'intervals over 20 profiles x 5 personalities': () =>
    bootstrapIntervals(first, { profiles, personalities }),
  'paired comparison': () => comparePaired(first, second),
};

pinToCore(0);
const times = Object.fromEntries(Object.keys(WORK).map((name): [string, number[]] => [name, []]));
// The first round is a warm-up and does not count.
for (let round = -1; round < rounds; round++) {
  for (const [name, work] of Object.entries(WORK)) {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    if (round >= 0) times[name]!.push((user + system) / 1_000);
  }
}

const rows = Object.entries(times).map(([name, values]) =>
  judged('statistics', `${name}, 10,000 resamples of 100 x 10`, values, {
    atMost: 1_000,
    digits: 0,
    unit: ' ms',
  }),
);
await saveFigure('bootstrap', { quick, rows, rounds: times });
