/**
 * "filter": how fast near-duplicates are found among vectors of 384 dimensions, one thread, beside the same filter in numpy.
 * numpy is measured where a Python has it, by default `python3`:
 *
 *   python3 -m venv with-numpy && with-numpy/bin/pip install numpy
 *   PYTHON=with-numpy/bin/python node bench/filter.ts [--rounds 5] [--quick]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clusteredVectors, keptByAllPairs } from './filter/vectors.ts';
import { benchOptions, type FigureRow, judged, saveFigure } from './measure.ts';

interface Run {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly kept: readonly number[];
}

const { quick, rounds } = benchOptions();
const PYTHON = process.env.PYTHON ?? 'python3';
const DIMENSIONS = 384;
const COUNTS = quick ? [5_000] : [5_000, 20_000, 100_000];
const [CHECKED] = COUNTS as [number];
const NOT_INSTALLED = 3;
const OWN = fileURLToPath(new URL('./filter/own.ts', import.meta.url));
const WITH_NUMPY = fileURLToPath(new URL('./filter/with-numpy.py', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'aloe-bench-filter-'));
const file = join(folder, 'vectors.f32');
const vectors = clusteredVectors(Math.max(...COUNTS), DIMENSIONS);
writeFileSync(file, vectors);

/** Null if it is not installed. */
function play(command: string, script: string, ...args: readonly unknown[]): Run | null {
  const { status, stdout } = spawnSync(command, [script, file, ...args.map(String)], {
    encoding: 'utf8',
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status === NOT_INSTALLED || status === null) return null;
  if (status !== 0) throw new Error(`${script} ended with ${status}.`);
  return JSON.parse(stdout) as Run;
}

const results: Record<number, { own: Run[]; numpy: Run[] }> = {};
for (const count of COUNTS) {
  const runs = { own: [] as Run[], numpy: [] as Run[] };
  results[count] = runs;
  for (let round = 0; round < rounds; round++) {
    const numpy = play(PYTHON, WITH_NUMPY, count, DIMENSIONS);
    runs.own.push(play(process.execPath, OWN, count, DIMENSIONS, 1)!);
    if (numpy === null) {
      if (round === 0) console.error(`NOT MEASURED: numpy is not installed in ${PYTHON}.`);
    } else runs.numpy.push(numpy);
    console.error(JSON.stringify({ count, round, own: runs.own.at(-1)!.cpuMs, numpy: numpy?.cpuMs }));
  }
}
rmSync(folder, { recursive: true });

const kept = results[CHECKED]!.own[0]!.kept;
const expected = keptByAllPairs(vectors, CHECKED, DIMENSIONS, 0.6);
const keptSet = new Set(kept);
const inBoth = expected.filter((index) => keptSet.has(index)).length;
const differing = kept.length + expected.length - 2 * inBoth;

function rowsOf(count: number): FigureRow[] {
  const { own, numpy } = results[count]!;
  const name = count.toLocaleString('en');
  const pairs = own[0]!.kept.length ** 2 / 2 + (count - own[0]!.kept.length) * (own[0]!.kept.length / 2);
  const ratios = (of: 'cpuMs' | 'wallMs') => numpy.map((run, round) => run[of] / own[round]![of]);
  return [
    judged('filter', `speed / numpy, CPU, ${name} vectors`, ratios('cpuMs'), { atLeast: 0.8, digits: 2 }),
    judged('filter', `speed / numpy, wall, ${name} vectors`, ratios('wallMs'), { digits: 2 }),
    judged(
      'filter',
      `pairs of ${name} vectors (${own[0]!.kept.length.toLocaleString('en')} kept)`,
      own.map(({ cpuMs }) => pairs / cpuMs / 1_000),
      { digits: 0, unit: ' million a CPU second' },
    ),
  ];
}

await saveFigure('filter', {
  quick,
  rounds: Object.entries(results).map(([count, { own, numpy }]) => {
    const times = ({ cpuMs, wallMs }: Run) => ({ cpuMs, wallMs });
    return { count: Number(count), own: own.map(times), numpy: numpy.map(times) };
  }),
  rows: [
    judged(
      'filter',
      `verdicts on ${CHECKED.toLocaleString('en')} unlike those of all pairs in double precision`,
      [differing],
      {
        atMost: 0,
        digits: 0,
      },
    ),
    ...COUNTS.flatMap(rowsOf),
  ],
});
