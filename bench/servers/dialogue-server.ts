import { serveChat } from './chat-server.ts';
import { replyTo } from './dialogue-replies.ts';
import { hashedLatency, type LatencyOptions } from './hashed-latency.ts';

/** Started by `startServer('dialogue', options)`. */
export type DialogueOptions = LatencyOptions;

const options = JSON.parse(process.argv[2] ?? '{"meanMs":50,"sigma":0.6}') as DialogueOptions;

/** Plays all parts of a conversation: user, inducer, both responders, and the judge of an evaluation. */
serveChat((body) => ({ status: 200, latencyMs: hashedLatency(body, options), reply: replyTo(body) }));
