/**
 * "machines": 1, 2 and 4 processes on one run in a PostgreSQL of their own, with calls of 200 ms; then two of which one is
 * killed, and two of which one is frozen for 20 s. Run with `node bench/machines.ts [--rounds 5] [--quick]`.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type SharedModel,
  startSharedModel,
  startWorker,
  type WorkerProcess,
} from '../test/runs/shared/worker-processes.ts';
import { startPostgres } from '../test/runs/stores/postgres-server.ts';
import { benchOptions, type FigureRow, judged, saveFigure } from './measure.ts';

const LATENCY_MS = 200;
const CONCURRENCY = 8;
const FROZEN_MS = 20_000;

const { quick, rounds } = benchOptions();
const work = { conversations: quick ? 64 : 160, turns: 4, cases: 0, concurrency: CONCURRENCY, isHeld: true };

interface Round {
  readonly scenario: string;
  /** Ideal time by measured time, from when all have the run open to the last answer. */
  readonly efficiency: number;
  readonly calls: number;
  readonly repeats: number;
  /** Whether each process wrote what one process does. */
  readonly isEqual: boolean;
  /** From the kill or the freeze to the first call that another process sent again. */
  readonly restartSeconds?: number | undefined;
  /** Calls that the frozen process sent after others had sent them. */
  readonly late?: number | undefined;
}

const postgres = await startPostgres();
const dir = await mkdtemp(join(tmpdir(), 'aloe-bench-machines-'));
const results: Round[] = [];
let expected: string | undefined;
let runs = 0;

/** Plays the list with some processes, and disturbs the first of them. */
async function play(
  scenario: string,
  count: number,
  disturb?: (first: WorkerProcess, model: SharedModel) => Promise<number>,
): Promise<void> {
  const model = await startSharedModel(LATENCY_MS);
  const url = postgres.url(`bench-${runs++}`);
  const names = Array.from(
    { length: count },
    (_, index) => `${scenario.replaceAll(' ', '-')}-${runs}-${index}`,
  );
  const workers = names.map((name) =>
    startWorker({ ...work, run: url, name, baseUrl: model.baseUrl, out: join(dir, name) }),
  );
  await Promise.all(workers.map(({ ready }) => ready));
  const start = performance.now();
  for (const { go } of workers) go();
  const disturbed = await disturb?.(workers[0]!, model);
  const left = disturb !== undefined && scenario.includes('killed') ? names.slice(1) : names;
  for (const [index, { done, gone }] of workers.entries()) await (left.includes(names[index]!) ? done : gone);
  const outputs = await Promise.all(left.map((name) => readFile(join(dir, `${name}.jsonl`), 'utf8')));
  expected ??= outputs[0]!;
  const sent = model.calls;
  const seconds = (Math.max(...sent.map(({ at }) => at)) + LATENCY_MS - start) / 1_000;
  const firsts = new Map<string, string>();
  const repeated = sent.filter(({ request, worker }) => {
    const isRepeat = firsts.has(request);
    if (!isRepeat) firsts.set(request, worker);
    return isRepeat;
  });
  const restart = repeated.find(({ at, worker }) => at > (disturbed ?? Infinity) && worker !== names[0]);
  const calls = sent.length - repeated.length;
  const round: Round = {
    scenario,
    efficiency: (calls * LATENCY_MS) / 1_000 / (count * CONCURRENCY) / seconds,
    calls,
    repeats: repeated.length,
    isEqual: outputs.every((output) => output === expected),
    ...(disturbed !== undefined && {
      restartSeconds: restart && (restart.at - disturbed) / 1_000,
      late: repeated.filter(({ worker }) => worker === names[0]).length,
    }),
  };
  results.push(round);
  console.error(JSON.stringify(round));
  await model.close();
}

/** A quarter of the work is done. */
async function untilUnderway(model: SharedModel): Promise<void> {
  while (model.calls.length < work.conversations * work.turns) await sleep(50);
}

for (let round = 0; round < rounds; round++) {
  await play('1 process', 1);
  await play('2 processes', 2);
  await play('4 processes', 4);
  await play('one of 2 killed', 2, async (first, model) => {
    await untilUnderway(model);
    first.process.kill('SIGKILL');
    return performance.now();
  });
  await play('one of 2 frozen', 2, async (first, model) => {
    await untilUnderway(model);
    first.process.kill('SIGSTOP');
    const at = performance.now();
    await sleep(FROZEN_MS);
    first.process.kill('SIGCONT');
    return at;
  });
}
postgres.remove();
await rm(dir, { recursive: true });

const of = (scenario: string, value: (round: Round) => number | undefined) =>
  results.filter((round) => round.scenario === scenario).map((round) => value(round) ?? Number.NaN);
const rows: FigureRow[] = [
  ...['1 process', '2 processes', '4 processes'].map((scenario) =>
    judged(
      'machines',
      `of the ideal, ${scenario}, ${LATENCY_MS} ms, ${CONCURRENCY} in flight each`,
      of(scenario, (round) => round.efficiency),
      {
        ...(scenario !== '1 process' && { atLeast: 0.9 }),
        digits: 2,
      },
    ),
  ),
  ...['one of 2 killed', 'one of 2 frozen'].flatMap((scenario) => [
    judged(
      'machines',
      `${scenario}: first restart`,
      of(scenario, (round) => round.restartSeconds),
      {
        atMost: 15,
        digits: 1,
        unit: ' s',
      },
    ),
    judged(
      'machines',
      `${scenario}: calls sent again`,
      of(scenario, (round) => round.repeats),
      {
        atMost: CONCURRENCY,
        digits: 0,
      },
    ),
  ]),
  judged(
    'machines',
    'frozen: late calls of its own',
    of('one of 2 frozen', (round) => round.late),
    {
      atMost: 0,
      digits: 0,
    },
  ),
  judged(
    'machines',
    'outputs that differ',
    results.map(({ isEqual }) => Number(!isEqual)),
    { atMost: 0, digits: 0 },
  ),
];
await saveFigure('machines', { quick, rounds: results, rows });
