/**
 * Coverage of intervals and size of tests by simulation: prints the tables of docs/metrics.md. All of them take some eight
 * minutes of one core: `node bench/inference.ts [table ...]`, with tables `intervals`, `null-band`, `curves`,
 * `equals`, `differences` and `candidates`.
 */
import {
  bestAmongEquals,
  falseFindings,
  intervalCoverage,
  meanRates,
  outsideNullBand,
  trueFindings,
} from '../test/metrics/measure-inference.ts';
import { truthOf, type World } from '../test/metrics/simulated-study.ts';
import { CURVES, missing, plain, sharing } from '../test/metrics/worlds.ts';

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const range = (shares: readonly number[]) =>
  `${(100 * Math.min(...shares)).toFixed(1)}-${percent(Math.max(...shares))}`;
const number = (value: number | null) => (value === null ? '–' : value.toFixed(3).replace('-0.000', '0.000'));

function table(columns: readonly string[], rows: Iterable<readonly string[]>): void {
  console.log(`\n| ${columns.join(' | ')} |`);
  console.log(`| ${columns.map((_, column) => (column === 0 ? '---' : '---:')).join(' | ')} |`);
  for (const cells of rows) console.log(`| ${cells.join(' | ')} |`);
}

function* rowsOf(worlds: readonly World[], measure: (world: World) => readonly string[]) {
  for (const world of worlds) yield [world.name, ...measure(world)];
}

const bent = Object.keys(CURVES).filter((curve) => curve !== 'slow line');
const sizes = [100, 20, 10];

const pairs = [
  ...bent.map((curve) => plain(curve, 100)),
  ...[20, 10].map((cases) => plain('line', cases)),
  ...sharing('step'),
  ...missing('plateau'),
];

const TABLES: Readonly<Record<string, () => void>> = {
  intervals() {
    const worlds = [
      ...bent.flatMap((curve) => sizes.map((cases) => plain(curve, cases))),
      ...sharing('step'),
      ...missing('plateau'),
    ];
    table(
      ['world', 'AL(1..10)', 'average', 'IR'],
      rowsOf(worlds, (world) => {
        const { levels, average, improvementRate } = intervalCoverage(world, {
          studies: 1_000,
          resamples: 1_000,
        });
        return [range(levels), percent(average), percent(improvementRate)];
      }),
    );
  },
  equals() {
    table(
      ['equal candidates', 'average', 'IR', 'some turn', 'some turn, adjusted'],
      rowsOf(pairs, (world) => {
        const { average, improvementRate, anyTurn, anyTurnAdjusted } = falseFindings(world, {
          studies: 1_000,
          resamples: 400,
        });
        return [average, improvementRate, anyTurn, anyTurnAdjusted].map(percent);
      }),
    );
  },
  differences() {
    table(
      ['a difference of 0.3', 'interval covers', 'p < 0.05'],
      rowsOf(pairs, (world) => {
        const { covered, found } = trueFindings(world, { studies: 300, resamples: 500 });
        return [percent(covered), percent(found)];
      }),
    );
  },
  'null-band'() {
    const worlds = [
      ...sizes.map((cases) => plain('flat', cases)),
      ...sharing('flat').filter(({ name }) => name.includes('20 x 5, both')),
      ...missing('flat'),
    ].map((world) => ({ ...world, slopes: 0 }));
    const uneven = { ...plain('flat', 100), name: 'flat, half of the cases rise, half fall' };
    table(
      ['world', 'IR outside', 'N-IR outside'],
      rowsOf([...worlds, uneven], (world) => {
        const { improvementRate, normalizedImprovementRate } = outsideNullBand(world, {
          studies: 1_000,
          resamples: 400,
        });
        return [percent(improvementRate), percent(normalizedImprovementRate)];
      }),
    );
  },
  candidates() {
    table(
      ['equal candidates, 20 cases', 'some p < 0.05 against the best', 'some adjusted p < 0.05'],
      [2, 4, 8].map((candidates) => {
        const { some, someAdjusted } = bestAmongEquals(plain('line', 20), candidates, {
          studies: 1_000,
          resamples: 1_000,
        });
        return [String(candidates), percent(some), percent(someAdjusted)];
      }),
    );
  },
  curves() {
    const columns = [
      'curve',
      'IR',
      'N-IR',
      'R2',
      ...[100, 20].flatMap((n) => [`N-IR, n = ${n}`, `R2, n = ${n}`]),
    ];
    table(
      columns,
      Object.keys(CURVES).map((curve) => {
        const truth = truthOf(plain(curve, 100));
        const found = [100, 20].flatMap((cases) => {
          const { normalizedImprovementRate, r2 } = meanRates(plain(curve, cases), 1_000);
          return [number(normalizedImprovementRate), number(r2)];
        });
        return [
          curve,
          ...[truth.improvementRate, truth.normalizedImprovementRate, truth.r2].map(number),
          ...found,
        ];
      }),
    );
  },
};

const wanted = process.argv.slice(2);
for (const [name, print] of Object.entries(TABLES)) {
  if (wanted.length === 0 || wanted.includes(name)) print();
}
