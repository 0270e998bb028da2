/**
 * "rate limit": a server that accepts 500 requests per second, and 400 callers that want more. Run with
 * `node bench/rate-limit.ts [--seconds 60] [--rounds 5] [--contender aloe-align]`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import OpenAI from 'openai';
import { openaiCompatible } from '../src/models/openai-compatible.ts';
import { paced } from '../src/models/pacing/paced.ts';
import { createPacer } from '../src/models/pacing/pacer.ts';
import { retry } from '../src/models/retry.ts';
import { describeMachine } from './measure.ts';
import type { RateLimitedOptions } from './servers/rate-limited-server.ts';
import { startServer } from './servers/start-server.ts';

const LIMIT = 500;
const LATENCY_MS = 200;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '5' },
    contender: { type: 'string', default: '' },
    server: { type: 'string', default: '' },
    wanting: { type: 'string', default: '400' },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const WANTING = Number(values.wanting);

type Send = (text: string) => Promise<unknown>;

const contenders: Record<string, (baseUrl: string) => Send> = {
  'aloe-align': (baseUrl) => {
    const server = openaiCompatible('bench', { baseUrl, maxSockets: WANTING });
    const model = retry(paced(server, createPacer({ concurrency: WANTING })));
    return (content) => model.generate({ messages: [{ role: 'user', content }], maxOutputTokens: 400 });
  },
  openai: (baseUrl) => {
    const client = new OpenAI({ baseURL: baseUrl, apiKey: 'none' });
    return (content) =>
      client.chat.completions.create({
        model: 'bench',
        messages: [{ role: 'user', content }],
        max_tokens: 400,
      });
  },
};

const common = { meanMs: LATENCY_MS, sigma: 0.3, limit: LIMIT };
const allServers: Record<string, RateLimitedOptions> = {
  window: { ...common, kind: 'window' },
  'window, Retry-After 1': { ...common, kind: 'window', retryAfterSeconds: 1 },
  'bucket, Retry-After 1': { ...common, kind: 'bucket', retryAfterSeconds: 1 },
  'bucket, x-ratelimit': { ...common, kind: 'bucket', withHeaders: true },
  '1 % strays': { ...common, kind: 'strays', strays: 0.01 },
  '1 % strays, Retry-After 1': { ...common, kind: 'strays', strays: 0.01, retryAfterSeconds: 1 },
};

const servers = Object.fromEntries(
  Object.entries(allServers).filter(([name]) => name.includes(values.server)),
);

const names = Object.keys(contenders).filter((name) => name.includes(values.contender));

interface Round {
  readonly server: string;
  readonly contender: string;
  /** Answers within the time, as a share of the limit. */
  readonly share: number;
  readonly refusedShare: number;
  readonly failed: number;
  readonly sockets: number;
}

async function play(server: string, contender: string): Promise<Round> {
  const bench = await startServer('rate-limited', servers[server]!);
  try {
    const send = contenders[contender]!(bench.baseUrl);
    const end = performance.now() + seconds * 1_000;
    let answered = 0;
    let failed = 0;
    let number = 0;
    const work = async () => {
      while (performance.now() < end) {
        try {
          await send(`${number++} ${'What shall I say? '.repeat(200)}`);
          if (performance.now() <= end) answered += 1;
        } catch {
          failed += 1;
        }
      }
    };
    await Promise.all(Array.from({ length: WANTING }, work));
    const { requests, refused, mostOpenSockets } = await bench.counts();
    return {
      server,
      contender,
      share: answered / (LIMIT * seconds),
      refusedShare: refused / requests,
      failed,
      sockets: mostOpenSockets,
    };
  } finally {
    await bench.stop();
  }
}

const results: Round[] = [];
for (let round = 0; round < rounds; round++) {
  for (const contender of names) {
    // As many servers at once as leave the core some idle time. The package needs more of it; one round is enough.
    const together = contender === 'openai' ? 2 : Object.keys(servers).length;
    if (contender === 'openai' && round > 0) continue;
    const waiting = Object.keys(servers);
    while (waiting.length > 0) {
      const played = await Promise.all(waiting.splice(0, together).map((server) => play(server, contender)));
      results.push(...played);
      for (const each of played) console.error(JSON.stringify(each));
    }
  }
}

const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
const median = (sorted: readonly number[]) => sorted[sorted.length >> 1] ?? Number.NaN;

function spread(values: readonly number[], show: (value: number) => string): string {
  const sorted = values.toSorted((a, b) => a - b);
  return `${show(median(sorted))} (${show(sorted[0]!)} to ${show(sorted.at(-1)!)})`;
}

console.log(
  `${LIMIT} requests a second allowed, ${WANTING} wanting, ${seconds} s, medians of ${rounds} rounds`,
);
console.table(
  Object.keys(servers).flatMap((server) =>
    names.map((contender) => {
      const of = results.filter((round) => round.server === server && round.contender === contender);
      return {
        server,
        contender,
        'of the limit': spread(
          of.map(({ share }) => share),
          percent,
        ),
        refused: spread(
          of.map(({ refusedShare }) => refusedShare),
          percent,
        ),
        failed: spread(
          of.map(({ failed }) => failed),
          String,
        ),
      };
    }),
  ),
);

const folder = new URL('./results/', import.meta.url);
await mkdir(folder, { recursive: true });
const machine = describeMachine();
await writeFile(
  new URL('rate-limit.json', folder),
  `${JSON.stringify({ figure: 'rate limit', seconds, machine, rounds: results }, null, 2)}\n`,
);
