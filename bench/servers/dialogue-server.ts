import { createHash } from 'node:crypto';
import { serveChat } from './chat-server.ts';
import { hashedLatency, type LatencyOptions } from './hashed-latency.ts';

/** Started by `startServer('dialogue', options)`. */
export type DialogueOptions = LatencyOptions;

const options = JSON.parse(process.argv[2] ?? '{"meanMs":50,"sigma":0.6}') as DialogueOptions;

const TALK =
  'and then I thought of the garden, which wants more rain than we are likely to see in this dry year. ';

/** Keeps a conversation going: a new message each time, and an induction that finds nothing. */
serveChat((body) => ({
  status: 200,
  latencyMs: hashedLatency(body, options),
  reply: body.includes('"response_format"')
    ? '{"revealed": []}'
    : `${createHash('sha256').update(body).digest('hex').slice(0, 12)} ${TALK.repeat(3)}`,
}));
