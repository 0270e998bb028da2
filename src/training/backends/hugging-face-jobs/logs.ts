import * as z from 'zod';
import { TrainingError } from '../../../errors.ts';
import { parseShallowJson } from '../../../http/json-depth.ts';
import { TransportError } from '../../../http/transport-error.ts';
import type { EngineApi } from '../engine-api.ts';

/** The stream of a job that runs stays open. As in the official client: after this time without a byte, all is read. */
const IDLE_MS = 5_000;

/** Larger logs are cut: what comes later is not read. */
const MAX_BYTES = 256 * 2 ** 20;

const logEvent = z.object({ data: z.string(), timestamp: z.string().nullish() });

/** One line of a log. */
export interface LogLine {
  readonly text: string;
  /** ISO 8601. Null if unknown. */
  readonly time: string | null;
}

/**
 * The whole log so far, from a stream of server-sent events that begins with it. A job that runs writes more all the time,
 * so lines later than the request are left for the next call.
 *
 * @throws TrainingError when the hub refuses, or the connection is lost.
 */
export async function readLog(
  api: EngineApi,
  path: string,
  signal: AbortSignal | undefined,
): Promise<readonly LogLine[]> {
  const lines: LogLine[] = [];
  const { status, headers, body } = await api.stream({ path, signal, idleMs: IDLE_MS });
  if (status === 404) return lines;
  if (status !== 200) {
    throw new TrainingError(api.backend, `the log cannot be read: the hub answers with status ${status}.`);
  }
  // The header counts whole seconds.
  const end = (Date.parse(String(headers.date)) || Date.now()) + 1_000;
  try {
    for await (const data of eventsIn(body)) {
      const line = lineOf(data);
      if (line.time !== null && Date.parse(line.time) > end) break;
      lines.push(line);
    }
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    if (error.failure !== 'timeout') {
      throw new TrainingError(api.backend, `the log broke off (${error.message}).`, { cause: error });
    }
  }
  return lines;
}

/** The `data:` lines of a stream. Others are comments to keep it open, and names of events. */
async function* eventsIn(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) return;
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith('data:')) yield line.slice('data:'.length).trim();
    }
  }
}

function lineOf(data: string): LogLine {
  try {
    const { data: text, timestamp } = logEvent.parse(parseShallowJson(data));
    return { text, time: timestamp ?? null };
  } catch {
    // Like the official client for Node.
    return { text: data, time: null };
  }
}
