/**
 * The pacer and its retries against simulated servers of many kinds, on a virtual clock: 30 minutes take seconds. Prints the
 * table of docs/pacing.md. Run with `node bench/pacing.ts [--minutes 30] [--server NAME]`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import {
  changing,
  concurrencyLimit,
  fixedWindow,
  sharedKey,
  slidingWindow,
  tokenBucket,
  unlimited,
} from '../test/models/pacing/limiters.ts';
import { type Simulation, simulate } from '../test/models/pacing/simulated-server.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, server: { type: 'string', default: '' } },
});
const minutes = Number(values.minutes);
const MINUTE = 60_000;

interface Server {
  readonly name: string;
  /** Calls per second that could be answered, in the second of that number. */
  readonly ideal: (second: number) => number;
  readonly make: () => Omit<Simulation, 'durationMs'>;
}

const always = (perSecond: number) => () => perSecond;

/** Workers that would send about 1.6 times the limit, at 200 ms a call. */
const wanting = (limit: number) => 0.32 * limit + 48;

const limits = [100, 500].flatMap((limit): Server[] => {
  const base = { wanting: wanting(limit) };
  const jitter = { ...base, jitterMs: 300 };
  const kinds = {
    'sliding window': () => slidingWindow(limit, 1_000),
    bucket: () => tokenBucket(limit, 1_000),
  };
  return [
    ...Object.entries(kinds).flatMap(([kind, limiter]): Server[] => [
      { name: `${kind}, ${limit}/s`, ideal: always(limit), make: () => ({ ...base, limiter: limiter() }) },
      {
        name: `${kind}, ${limit}/s, Retry-After 1`,
        ideal: always(limit),
        make: () => ({ ...base, limiter: limiter(), retryAfterMs: 1_000 }),
      },
      {
        name: `${kind}, ${limit}/s, jitter 300 ms`,
        ideal: always(limit),
        make: () => ({ ...jitter, limiter: limiter() }),
      },
      {
        name: `${kind}, ${limit}/s, jitter 300 ms, Retry-After 1`,
        ideal: always(limit),
        make: () => ({ ...jitter, limiter: limiter(), retryAfterMs: 1_000 }),
      },
    ]),
    {
      name: `fixed window, ${limit}/s`,
      ideal: always(limit),
      make: () => ({ ...base, limiter: fixedWindow(limit, 1_000) }),
    },
    {
      name: `sliding window that counts refused calls, ${limit}/s`,
      ideal: always(limit),
      make: () => ({ ...base, limiter: slidingWindow(limit, 1_000, true) }),
    },
  ];
});

const PER_MINUTE = { wanting: 50, latencyMs: 3_000 };

const perMinute: readonly Server[] = [
  {
    name: 'fixed window, 500/min, told in headers',
    ideal: always(500 / 60),
    make: () => ({ ...PER_MINUTE, limiter: fixedWindow(500, MINUTE), withHeaders: true }),
  },
  {
    name: 'bucket, 500/min, told in headers',
    ideal: always(500 / 60),
    make: () => ({ ...PER_MINUTE, limiter: tokenBucket(500, MINUTE), withHeaders: true }),
  },
  {
    name: 'fixed window, 500/min',
    ideal: always(500 / 60),
    make: () => ({ ...PER_MINUTE, limiter: fixedWindow(500, MINUTE) }),
  },
  {
    name: 'bucket, 500/min',
    ideal: always(500 / 60),
    make: () => ({ ...PER_MINUTE, limiter: tokenBucket(500, MINUTE) }),
  },
];

const strays = [
  [0.001, undefined],
  [0.01, undefined],
  [0.01, 1_000],
  [0.02, undefined],
  [0.02, 1_000],
  [0.05, undefined],
].map(
  ([share, retryAfterMs]): Server => ({
    name: `${100 * share!} % stray refusals${retryAfterMs === undefined ? '' : ', Retry-After 1'}`,
    ideal: always(200),
    make: () => ({ wanting: 40, limiter: unlimited, strays: share!, retryAfterMs }),
  }),
);

const dip = (usual: number, low: number) => (second: number) => (second >= 60 && second < 120 ? low : usual);

const changes: readonly Server[] = [
  {
    name: '500/s, 50/s in the second minute',
    ideal: dip(500, 50),
    make: () => ({
      wanting: 400,
      limiter: changing(
        [0, slidingWindow(500, 1_000)],
        [MINUTE, slidingWindow(50, 1_000)],
        [2 * MINUTE, slidingWindow(500, 1_000)],
      ),
    }),
  },
  {
    name: 'no limit, 20/s in the second minute',
    ideal: dip(200, 20),
    make: () => ({
      wanting: 40,
      limiter: changing([0, unlimited], [MINUTE, slidingWindow(20, 1_000)], [2 * MINUTE, unlimited]),
    }),
  },
  {
    name: '500/s, half of it used by another client every other minute',
    ideal: (second) => (Math.floor(second / 60) % 2 === 1 ? 250 : 500),
    make: () => ({
      wanting: 400,
      limiter: sharedKey(slidingWindow(500, 1_000), 250, (now) => Math.floor(now / MINUTE) % 2 === 1),
    }),
  },
  {
    name: '128 calls in flight, 10 s each',
    ideal: always(12.8),
    make: () => ({ wanting: 400, limiter: concurrencyLimit(128), latencyMs: 10_000, sigma: 0.6 }),
  },
];

const away = (from: number, to: number) => (second: number) => (second >= from && second < to ? 0 : 200);

const outages: readonly Server[] = [
  ['no connection for 60 s', 120, undefined],
  ['503 for 60 s', 120, 503],
  ['no connection for 5 min', 360, undefined],
  ['503 for 5 min', 360, 503],
].map(([name, end, status]) => ({
  name: name as string,
  ideal: away(60, end as number),
  make: () => ({
    wanting: 40,
    limiter: unlimited,
    outages: [{ from: MINUTE, to: (end as number) * 1_000, status: status as number | undefined }],
  }),
}));

const percent = (value: number) => `${(100 * value).toFixed(1)} %`;

/** Answered calls from one minute to another, as a share of what the server could answer. */
function share(perSecond: readonly number[], ideal: Server['ideal'], from: number, to: number): string {
  let answered = 0;
  let possible = 0;
  for (let second = from * 60; second < to * 60; second++) {
    answered += perSecond[second] ?? 0;
    possible += ideal(second);
  }
  return possible === 0 ? '' : percent(answered / possible);
}

const rows: string[] = [];
const results: object[] = [];
for (const { name, ideal, make } of [...limits, ...perMinute, ...strays, ...changes, ...outages]) {
  if (!name.includes(values.server)) continue;
  const simulation = make();
  const result = await simulate({ ...simulation, durationMs: minutes * MINUTE });
  const { perSecond, refusedShare, failed } = result;
  const row = [
    name,
    share(perSecond, ideal, 0, 1),
    share(perSecond, ideal, 1, minutes),
    share(perSecond, ideal, minutes - 1, minutes),
    percent(refusedShare),
    failed,
  ];
  rows.push(`| ${row.join(' | ')} |`);
  results.push({ name, row, probes: result.probes.length });
  console.error(rows.at(-1), result.probes.length > 0 ? `${result.probes.length} calls in the outage` : '');
}

console.log('| server | minute 1 | after | last minute | refused | failed |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const row of rows) console.log(row);

const directory = new URL('./results/', import.meta.url);
await mkdir(directory, { recursive: true });
await writeFile(
  new URL('pacing.json', directory),
  `${JSON.stringify({ machine: 'a virtual clock', minutes, results }, null, 2)}\n`,
);
