/**
 * "replay": CPU time of a builder that replays all its conversations, beside its first run; and of one that resumes with one
 * conversation more, until its first new call. Run with `node bench/replay.ts [--rounds 5] [--quick]`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playProgram } from './conversation/play-program.ts';
import { benchOptions, judged, saveFigure } from './measure.ts';

const { quick, rounds } = benchOptions();
const CONVERSATIONS = quick ? 100 : 400;
const LATENCY = { meanMs: 50, sigma: 0.4 };

interface Round {
  readonly calls: number;
  readonly firstUs: number;
  readonly replayUs: number;
  /** Until the first new call. */
  readonly resumeUs: number;
}

const results: Round[] = [];
for (let round = 0; round < rounds; round++) {
  const dir = await mkdtemp(join(tmpdir(), 'aloe-bench-'));
  const options = {
    program: 'build with aloe-align',
    conversations: CONVERSATIONS,
    turns: 10,
    concurrency: 200,
    dir,
  } as const;
  const first = await playProgram(LATENCY, options);
  const replay = await playProgram(LATENCY, options);
  if (replay.calls > 0) throw new Error(`The replay sent ${replay.calls} calls.`);
  const resume = await playProgram(LATENCY, {
    ...options,
    conversations: CONVERSATIONS + 1,
    watchFirstCall: true,
  });
  await rm(dir, { recursive: true });
  const result = {
    calls: first.calls,
    firstUs: first.cpuUs,
    replayUs: replay.cpuUs,
    resumeUs: resume.firstCallCpuUs ?? Number.NaN,
  };
  results.push(result);
  console.error(JSON.stringify(result));
}

await saveFigure('replay', {
  quick,
  rounds: results,
  rows: [
    judged(
      'replay',
      'CPU of a whole replay / first run',
      results.map(({ replayUs, firstUs }) => replayUs / firstUs),
      { atMost: 0.15, digits: 2 },
    ),
    judged(
      'replay',
      'CPU of a resume until its first new call / first run',
      results.map(({ resumeUs, firstUs }) => resumeUs / firstUs),
      { atMost: 0.15, digits: 2 },
    ),
    judged(
      'replay',
      'a whole replay',
      results.map(({ replayUs, calls }) => replayUs / calls),
      { digits: 0, unit: ' us a call' },
    ),
    judged(
      'replay',
      'the first run',
      results.map(({ firstUs, calls }) => firstUs / calls),
      { digits: 0, unit: ' us a call' },
    ),
  ],
});
