import { serveChat } from './chat-server.ts';
import { hashedLatency, type LatencyOptions } from './hashed-latency.ts';

/** Started by `startServer('hashed-latency', options)`. */
export type HashedLatencyOptions = LatencyOptions;

const options = JSON.parse(process.argv[2] ?? '{"meanMs":200}') as HashedLatencyOptions;

serveChat((body) => ({ status: 200, latencyMs: hashedLatency(body, options) }));
