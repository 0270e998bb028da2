/**
 * "conversation" and "efficiency": the builder with its exporter, and the evaluator, each beside a program that a good
 * engineer writes by hand for the same calls, with the `openai` package and p-limit. The builder works at 200 ms and 200
 * calls in flight, the evaluator at 100 ms and 100. Run with `node bench/conversation.ts [--rounds 5] [--quick]`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PlayedProgram, playProgram } from './conversation/play-program.ts';
import type { Program } from './conversation-client.ts';
import { benchOptions, type FigureRow, judged, saveFigure } from './measure.ts';

const { quick, rounds } = benchOptions();

const PAIRS = [
  {
    what: 'builder',
    meanMs: 200,
    concurrency: 200,
    conversations: quick ? 100 : 400,
    programs: ['build with aloe-align', 'build by hand'],
  },
  {
    what: 'evaluator',
    meanMs: 100,
    concurrency: 100,
    conversations: quick ? 50 : 150,
    programs: ['evaluate with aloe-align', 'evaluate by hand'],
  },
] as const;

interface Round extends Pick<PlayedProgram, 'calls' | 'efficiency' | 'plateau'> {
  readonly program: Program;
  /** Per call. */
  readonly cpuUs: number;
  /** Peak. */
  readonly rssMb: number;
}

const results: Round[] = [];
for (let round = 0; round < rounds; round++) {
  for (const { meanMs, concurrency, conversations, programs } of PAIRS) {
    for (const program of programs) {
      const dir = await mkdtemp(join(tmpdir(), 'aloe-bench-'));
      const played = await playProgram(
        { meanMs, sigma: 0.4 },
        { program, conversations, turns: 10, concurrency, dir },
      );
      await rm(dir, { recursive: true });
      const { calls, efficiency, plateau, cpuUs, rssMb } = played;
      const result = { program, calls, efficiency, plateau, cpuUs: cpuUs / calls, rssMb: Math.max(...rssMb) };
      results.push(result);
      console.error(JSON.stringify(result));
    }
  }
}

const of = (program: Program, value: (round: Round) => number) =>
  results.filter((round) => round.program === program).map(value);
/** Programs alternate by round, so that other load on the machine affects both. */
const ratios = (one: Program, other: Program, value: (round: Round) => number) => {
  const below = of(other, value);
  return of(one, value).map((above, round) => above / below[round]!);
};

function rowsOf({
  what,
  meanMs,
  concurrency,
  programs: [ours, byHand],
}: (typeof PAIRS)[number]): FigureRow[] {
  const setting = `${what}, ${meanMs} ms, C=${concurrency}`;
  const bound = <Value>(value: Value) => (what === 'builder' ? value : {});
  return [
    judged('conversation', `CPU a call, ${what} / by hand`, ratios(ours, byHand, cpu), {
      atMost: 0.45,
      digits: 2,
    }),
    ...[ours, byHand].map((program) =>
      judged('conversation', program, of(program, cpu), { digits: 0, unit: ' us a call' }),
    ),
    judged('efficiency', `plateau, ${setting}`, of(ours, plateau), {
      ...bound({ atLeast: 0.95 }),
      digits: 2,
    }),
    judged('efficiency', `with start and tail, ${setting}`, of(ours, whole), {
      ...bound({ atLeast: 0.87 }),
      digits: 2,
    }),
    judged('efficiency', `with start and tail, ${what} / by hand`, ratios(ours, byHand, whole), {
      atLeast: 1,
      digits: 2,
    }),
    ...[ours, byHand].map((program) =>
      judged('memory', `most, ${program}`, of(program, rss), { digits: 0, unit: ' MB' }),
    ),
  ];
}

const cpu = ({ cpuUs }: Round) => cpuUs;
const plateau = ({ plateau }: Round) => plateau;
const whole = ({ efficiency }: Round) => efficiency;
const rss = ({ rssMb }: Round) => rssMb;

await saveFigure('conversation', { quick, rounds: results, rows: PAIRS.flatMap(rowsOf) });
