import { type FigureRow, judged } from './measure.ts';

interface RateLimitResult {
  readonly rounds: readonly {
    readonly server: string;
    readonly contender: string;
    readonly share: number;
    readonly refusedShare: number;
    readonly failed: number;
  }[];
}

/** "rate limit" from the rounds of `rate-limit.ts`. */
export function rateLimitRows({ rounds }: RateLimitResult): FigureRow[] {
  const contenders = [...new Set(rounds.map(({ contender }) => contender))];
  const servers = [...new Set(rounds.map(({ server }) => server))];
  return contenders.flatMap((name) =>
    servers.flatMap((server) => {
      const of = rounds.filter((round) => round.server === server && round.contender === name);
      const bound = <Value>(value: Value) => (name === 'aloe-align' ? value : {});
      return [
        judged(
          'rate limit',
          `${name}, ${server}: of the limit`,
          of.map(({ share }) => 100 * share),
          {
            ...bound({ atLeast: 95 }),
            digits: 1,
            unit: ' %',
          },
        ),
        judged(
          'rate limit',
          `${name}, ${server}: refused`,
          of.map(({ refusedShare }) => 100 * refusedShare),
          {
            ...bound({ atMost: 2 }),
            digits: 1,
            unit: ' %',
          },
        ),
        judged(
          'rate limit',
          `${name}, ${server}: failed calls`,
          of.map(({ failed }) => failed),
          {
            ...bound({ atMost: 0 }),
            digits: 0,
          },
        ),
      ];
    }),
  );
}

interface JournalResult {
  readonly rounds: readonly {
    readonly model: string;
    readonly journal: boolean;
    readonly cpuUs: number;
    readonly wallMs: number;
  }[];
}

/** "journal" from the rounds of `journal.ts`: wall time comes from the HTTP model, CPU time from both. */
export function journalRows({ rounds }: JournalResult): FigureRow[] {
  const models = [...new Set(rounds.map(({ model }) => model))];
  return models.flatMap((name) => {
    const [off = [], on = []] = [false, true].map((journal) =>
      rounds.filter((round) => round.model === name && round.journal === journal),
    );
    const pairs = on.map((with_, index) => ({ on: with_, off: off[index]! }));
    return [
      judged(
        'journal',
        `the journal adds, ${name}`,
        pairs.map((pair) => pair.on.cpuUs - pair.off.cpuUs),
        {
          atMost: 60,
          digits: 0,
          unit: ' us a call',
        },
      ),
      ...(name === 'instant'
        ? []
        : [
            judged(
              'journal',
              `the journal adds to the wall time, ${name}`,
              pairs.map((pair) => 100 * (pair.on.wallMs / pair.off.wallMs - 1)),
              { atMost: 3, digits: 1, unit: ' %' },
            ),
          ]),
    ];
  });
}

interface ResumeResult {
  readonly calls: number;
  readonly rounds: readonly {
    readonly program: string;
    readonly firstNewCallMs: number;
    readonly rssMb: number;
  }[];
}

/** "resume" from the rounds of `resume.ts`. */
export function resumeRows({ calls, rounds }: ResumeResult): FigureRow[] {
  const meanings = { new: 'its first call is new', replay: 'replays all first' };
  return Object.entries(meanings).flatMap(([program, meaning]) => {
    const of = rounds.filter((round) => round.program === program);
    const what = `${calls.toLocaleString('en')} journaled calls, ${meaning}`;
    return [
      judged(
        'resume',
        `${what}: first new call`,
        of.map(({ firstNewCallMs }) => firstNewCallMs),
        {
          // Replaying everything is the program's own choice, so its time has no target.
          ...(program === 'new' && { atMost: 3_000 }),
          digits: 0,
          unit: ' ms',
        },
      ),
      judged(
        'resume',
        `${what}: most memory`,
        of.map(({ rssMb }) => rssMb),
        {
          atMost: 400,
          digits: 0,
          unit: ' MB',
        },
      ),
    ];
  });
}
