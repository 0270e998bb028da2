import { join } from 'node:path';
import type { HubSource } from './sources.ts';
import { writeVerified } from './verified-file.ts';

/** Options of a download. */
export interface FetchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes downloaded so far, over all files of the source. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** Short, so that a network that drops packets delays the next source by seconds only. */
const CONNECT_TIMEOUT_MS = 5_000;
const STALL_TIMEOUT_MS = 30_000;

/** The hub's address: `HF_ENDPOINT` if set, as in the hub's own tools. */
export function hubEndpoint(): string {
  return (process.env.HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, '');
}

/**
 * Downloads the files of a hub repository into a directory, one after the other.
 *
 * @throws Error whose message gives the reason.
 */
export async function fetchFromHub(
  source: HubSource,
  dir: string,
  { signal, onProgress }: FetchOptions = {},
): Promise<void> {
  let done = 0;
  for (const file of source.files) {
    const url = `${hubEndpoint()}/${source.repository}/resolve/${source.revision}/${file.path}`;
    const timer = restartableTimeout();
    const either = signal === undefined ? timer.signal : AbortSignal.any([signal, timer.signal]);
    try {
      timer.restart(CONNECT_TIMEOUT_MS, `no answer within ${CONNECT_TIMEOUT_MS / 1_000} s`);
      const response = await fetch(url, { signal: either });
      if (!response.ok || response.body === null) {
        await response.body?.cancel();
        throw new Error(`status ${response.status}`);
      }
      const stalled = `no data for ${STALL_TIMEOUT_MS / 1_000} s`;
      timer.restart(STALL_TIMEOUT_MS, stalled);
      await writeVerified(response.body, join(dir, file.path), file, {
        signal: either,
        onBytes(bytes) {
          timer.restart(STALL_TIMEOUT_MS, stalled);
          done += bytes;
          onProgress?.(done);
        },
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw new Error(`${file.path}: ${reasonOf(timer.signal.aborted ? timer.signal.reason : error)}`, {
        cause: error,
      });
    } finally {
      timer.stop();
    }
  }
}

/** `fetch` hides the reason, such as `ENOTFOUND`, in the innermost cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}

function restartableTimeout() {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: controller.signal,
    restart(ms: number, reason: string) {
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(new Error(reason)), ms);
    },
    stop: () => clearTimeout(timer),
  };
}
