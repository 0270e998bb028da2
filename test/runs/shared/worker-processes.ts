import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RunStats } from '../../../src/runs/events.ts';
import { teach } from '../../cli/teacher-server.ts';
import { type ChatBody, completion, send, startChatServer } from '../../models/chat-server.ts';
import type { WorkerTask } from './worker-program.ts';

/** A call that the model server has seen. */
export interface SentCall {
  readonly worker: string;
  /** Equal for equal requests. */
  readonly request: string;
  /** When it came, on this process's clock. */
  readonly at: number;
  /** When it was answered. Undefined if its worker was gone by then. */
  answeredAt?: number | undefined;
}

/** A server for the model of all workers, which remembers who has sent what. */
export interface SharedModel {
  readonly baseUrl: string;
  readonly calls: readonly SentCall[];
  /** Calls beyond the first of each request. */
  repeats(): number;
  /** Answers later calls after this time. */
  answerAfter(ms: number): void;
  close(): Promise<void>;
}

export async function startSharedModel(firstLatencyMs: number): Promise<SharedModel> {
  const calls: SentCall[] = [];
  let latencyMs = firstLatencyMs;
  async function answer(
    body: ChatBody,
    response: ServerResponse,
    headers: IncomingHttpHeaders,
  ): Promise<void> {
    const call: SentCall = {
      worker: headers.authorization?.replace('Bearer ', '') ?? '',
      request: createHash('sha256').update(JSON.stringify(body)).digest('hex'),
      at: performance.now(),
    };
    calls.push(call);
    await sleep(latencyMs);
    send(response, completion(teach(body)));
    if (!response.destroyed) call.answeredAt = performance.now();
  }
  const server = await startChatServer((body, response, { headers }) => void answer(body, response, headers));
  return {
    baseUrl: server.baseUrl,
    calls,
    answerAfter(ms) {
      latencyMs = ms;
    },
    repeats: () => calls.length - new Set(calls.map(({ request }) => request)).size,
    close: () => server.close(),
  };
}

/** A worker in a process of its own. */
export interface WorkerProcess {
  readonly process: ChildProcess;
  /** Resolves when a held one has its run open. */
  readonly ready: Promise<unknown>;
  /** Lets a held one begin. */
  go(): void;
  /** Resolves at its end, with what the run counted. Rejects if it failed. */
  readonly done: Promise<RunStats>;
  /** Resolves when it was killed or has ended. */
  readonly gone: Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('worker-program.ts', import.meta.url));

export function startWorker(task: WorkerTask): WorkerProcess {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  if (process.env.SHOW_EVENTS === '1') child.stderr!.pipe(process.stderr);
  const closed = once(child, 'close') as Promise<[number | null]>;
  const done = closed.then(([code]) => {
    if (code === 0) return JSON.parse(stdout.trim().split('\n').at(-1)!) as RunStats;
    throw new Error(`${task.name} ended with ${code}: ${stderr}`);
  });
  done.catch(() => {});
  const ready = once(child, 'message');
  ready.catch(() => {});
  return { process: child, ready, go: () => child.send('go'), done, gone: closed.then(() => {}) };
}
