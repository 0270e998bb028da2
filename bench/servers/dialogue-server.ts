import { seededRandom } from '../../src/internal/seeded-random.ts';
import { type Plan, serveChat } from './chat-server.ts';
import { replyTo } from './dialogue-replies.ts';
import { hashedLatency, type LatencyOptions } from './hashed-latency.ts';

/** Started by `startServer('dialogue', options)`. */
export interface DialogueOptions extends LatencyOptions {
  /** Share of requests refused with 429, at random. Default 0. */
  readonly refusedShare?: number;
  /** After how many answers the server goes away: by turns with 503, and without any answer. Default: never. */
  readonly outagesAfter?: readonly number[];
  /** How long it stays away, in milliseconds. Default 60,000. */
  readonly outageMs?: number;
}

const options = JSON.parse(process.argv[2] ?? '{"meanMs":50,"sigma":0.6}') as DialogueOptions;
const { refusedShare = 0, outagesAfter = [], outageMs = 60_000 } = options;

const random = seededRandom(1);
let answers = 0;
let outages = 0;
let awayUntil = 0;

/** Plays all parts of a conversation: user, inducer, both responders, and the judge of an evaluation. */
serveChat(
  (body) => fault() ?? { status: 200, latencyMs: hashedLatency(body, options), reply: replyTo(body) },
);

function fault(): Plan | undefined {
  const now = performance.now();
  if (now < awayUntil) return { status: outages % 2 === 1 ? 503 : 0, latencyMs: 0 };
  if (random() < refusedShare) return { status: 429, latencyMs: 0 };
  answers += 1;
  if (answers >= (outagesAfter[outages] ?? Number.POSITIVE_INFINITY)) {
    outages += 1;
    awayUntil = now + outageMs;
  }
  return undefined;
}
