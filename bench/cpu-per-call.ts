/**
 * "call": client CPU time per call with a 4 KB prompt and a 1.3 KB reply. Run with
 * `node bench/cpu-per-call.ts [--rounds 5] [--quick]`.
 */
import { CONTENDERS, type ContenderName } from './contenders.ts';
import { benchOptions, judged, saveFigure } from './measure.ts';
import { playLoad } from './play-load.ts';

const { quick, rounds } = benchOptions();
const LATENCY = { meanMs: 100, sigma: 0.3 };
const CONCURRENCY = 100;
const WARM_MS = 1_500;

const results: { readonly contender: ContenderName; readonly round: number; readonly cpuUs: number }[] = [];
for (let round = 0; round < rounds; round++) {
  for (const contender of CONTENDERS) {
    const { cpuUs, calls } = await playLoad(LATENCY, {
      contender,
      concurrency: CONCURRENCY,
      warmMs: WARM_MS,
      measureMs: quick ? 1_000 : 2_000,
    });
    const result = { contender, round, cpuUs: cpuUs / calls };
    results.push(result);
    console.error(JSON.stringify(result));
  }
}

const cpuOf = (name: ContenderName) =>
  results.filter(({ contender }) => contender === name).map(({ cpuUs }) => cpuUs);
/** Contenders alternate by round, so that other load on the machine affects all of them. */
const shareOf = (name: ContenderName) => cpuOf('aloe-align').map((own, round) => own / cpuOf(name)[round]!);

await saveFigure('cpu-per-call', {
  quick,
  rounds: results,
  rows: [
    judged('call', 'CPU of the full path / `openai`', shareOf('openai'), { atMost: 0.35, digits: 2 }),
    judged('call', 'CPU of the full path / `ai`', shareOf('ai'), { atMost: 0.28, digits: 2 }),
    ...CONTENDERS.map((name) =>
      judged('call', `CPU of ${name}`, cpuOf(name), { digits: 0, unit: ' us a call' }),
    ),
  ],
});
