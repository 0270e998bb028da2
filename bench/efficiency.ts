/**
 * "efficiency" of single calls: the share of time that a slot waits for the server rather than the client, with many calls in flight.
 * A slot's time runs from its first call to its last answer, measured after the warm-up and, separately, from a cold
 * start with all slots at once. Run with `node bench/efficiency.ts [--rounds 5] [--quick]`.
 */
import { CONTENDERS, type ContenderName } from './contenders.ts';
import { benchOptions, judged, saveFigure } from './measure.ts';
import { playLoad } from './play-load.ts';

const { quick, rounds } = benchOptions();

const WARM_MS = 1_500;

const SETTINGS = [
  { meanMs: 200, concurrency: 500, atLeast: 0.88, sendMs: 2_000 },
  { meanMs: 1_000, concurrency: 1_000, atLeast: 0.93, sendMs: 2_500 },
  { meanMs: 200, concurrency: 2_000, atLeast: 0.55, sendMs: 2_000 },
] as const;

interface Round {
  readonly setting: string;
  readonly contender: ContenderName;
  readonly efficiency: number;
  readonly fromStart: number;
  readonly calls: number;
  /** Peak. */
  readonly rssMb: number;
  readonly sockets: number;
}

const MOST = SETTINGS[2];

const nameOf = ({ meanMs, concurrency }: (typeof SETTINGS)[number]) => `${meanMs} ms, C=${concurrency}`;

const results: Round[] = [];
for (let round = 0; round < rounds; round++) {
  for (const setting of SETTINGS) {
    for (const contender of CONTENDERS) {
      const { meanMs, concurrency, sendMs } = setting;
      const { warm, cold, memory, server } = await playLoad(
        { meanMs, sigma: 0.3 },
        { contender, concurrency, warmMs: WARM_MS, measureMs: quick ? sendMs / 2 : sendMs },
      );
      const latencyMs = server.latencyMs / server.requests;
      const result = {
        setting: nameOf(setting),
        contender,
        efficiency: (warm.calls * latencyMs) / warm.ms,
        fromStart: (cold.calls * latencyMs) / cold.ms,
        calls: server.requests,
        rssMb: Math.max(...memory.map(({ rssMb }) => rssMb)),
        sockets: server.mostOpenSockets,
      };
      results.push(result);
      console.error(JSON.stringify(result));
    }
  }
}

const of = (setting: (typeof SETTINGS)[number], name: ContenderName) =>
  results.filter((round) => round.setting === nameOf(setting) && round.contender === name);

await saveFigure('efficiency', {
  quick,
  rounds: results,
  rows: [
    ...SETTINGS.flatMap((setting) => [
      ...CONTENDERS.map((name) =>
        judged(
          'efficiency',
          `efficiency at ${nameOf(setting)}, ${name}`,
          of(setting, name).map(({ efficiency }) => efficiency),
          { digits: 2, ...(name === 'aloe-align' && { atLeast: setting.atLeast }) },
        ),
      ),
      judged(
        'efficiency',
        `the same from a cold start, ${(WARM_MS + setting.sendMs) / 1_000} s, aloe-align / undici`,
        of(setting, 'aloe-align').map(
          ({ fromStart }, round) => fromStart / of(setting, 'undici')[round]!.fromStart,
        ),
        { digits: 2 },
      ),
    ]),
    // Printed beside "memory", which is measured separately.
    ...CONTENDERS.flatMap((name) => {
      const rounds = of(MOST, name);
      return [
        judged(
          'memory',
          `most memory at ${nameOf(MOST)}, ${name}`,
          rounds.map(({ rssMb }) => rssMb),
          {
            digits: 0,
            unit: ' MB',
          },
        ),
        judged(
          'memory',
          `most sockets at ${nameOf(MOST)}, ${name}`,
          rounds.map(({ sockets }) => sockets),
          {
            digits: 0,
          },
        ),
      ];
    }),
  ],
});
