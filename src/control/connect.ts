import { statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { InvalidOptionError, RunConflictError } from '../errors.ts';
import { duration } from '../internal/format.ts';
import { holderOf } from '../runs/directory/run-lock.ts';
import type { RunEvent } from '../runs/events.ts';
import { isPostgresUrl } from '../runs/postgres-url.ts';
import { channelsToTry } from './channel-path.ts';
import type { ControlClient } from './control-client.ts';
import { type JsonSocket, jsonSocket } from './json-socket.ts';
import { PROTOCOL, replySchema } from './protocol.ts';

/** A machine under load may take seconds. A process that is stopped never answers. */
const ANSWER_MS = 20_000;

/** Options of {@link connectToRun}. */
export interface ConnectOptions {
  /** How long to wait for an answer of a process, in milliseconds. Default 20,000. */
  readonly answerMs?: number | undefined;
  /** Called when the database of the run is away, and when it is back. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/**
 * Connects to the process that has a run open, or to the database of one that several processes share.
 *
 * @throws InvalidOptionError if there is no such directory; RunConflictError if no process of this user and machine has it
 * open and listens; RunStorageError if it is in a database that cannot be reached, or does not hold it.
 */
export async function connectToRun(
  runDir: string,
  { answerMs = ANSWER_MS, onEvent }: ConnectOptions = {},
): Promise<ControlClient> {
  if (isPostgresUrl(runDir)) {
    const { connectToDatabase } = await import('./connect-database.ts');
    return connectToDatabase(runDir, onEvent);
  }
  if (!statSync(runDir, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InvalidOptionError('run', 'a run directory', runDir);
  }
  for (const path of channelsToTry(runDir)) {
    const socket = await open(path);
    if (socket !== null) return client(socket, runDir, answerMs);
  }
  throw notListening(runDir);
}

/** Null if nobody listens there: no socket, or one that was left by a process that was killed. */
function open(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('error', () => resolve(null));
    socket.once('connect', () => resolve(socket));
  });
}

function client(socket: Socket, runDir: string, answerMs: number): ControlClient {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let next = 1;
  let gone: RunConflictError | undefined;
  const connection: JsonSocket = jsonSocket(socket, {
    onValue(value) {
      const reply = replySchema.safeParse(value);
      // Whatever listens there does not speak this protocol.
      if (!reply.success) return fail(otherVersion(runDir));
      const { control, id, ok, error } = reply.data;
      const own = waiting.get(id ?? -1);
      if (own === undefined) return;
      waiting.delete(id!);
      if (control !== PROTOCOL || error?.code === 'other-version') own.reject(otherVersion(runDir));
      else if (error !== undefined) own.reject(new InvalidOptionError(error.message, {}));
      else own.resolve(ok);
    },
    onEnd: () => fail(hasEnded(runDir)),
  });

  function fail(error: RunConflictError): void {
    gone ??= error;
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
    connection.close();
  }

  return {
    async ask(task) {
      if (gone !== undefined) throw gone;
      const id = next++;
      const own = Promise.withResolvers<unknown>();
      waiting.set(id, own);
      connection.send({ control: PROTOCOL, id, task });
      const timer = setTimeout(() => fail(doesNotAnswer(runDir, answerMs)), answerMs);
      try {
        return await own.promise;
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => connection.close(),
  };
}

function hasEnded(runDir: string): RunConflictError {
  return new RunConflictError(`The process that had ${runDir} open has closed it.`, {
    hint: 'If it is not done, start its program again to resume the run.',
  });
}

function doesNotAnswer(runDir: string, answerMs: number): RunConflictError {
  return new RunConflictError(
    `The process that has ${runDir} open has not answered for ${duration(answerMs)}.`,
    { hint: 'It is stopped, or busy with a computation. Try again later.' },
  );
}

function otherVersion(runDir: string): RunConflictError {
  return new RunConflictError(`${runDir} was opened by another version of aloe-align.`, {
    hint: 'Use the version that started the run.',
  });
}

/** Says whether the run is open at all, and by whom. */
function notListening(runDir: string): RunConflictError {
  const holder = holderOf(runDir);
  if (holder === null) {
    return new RunConflictError(`No process has ${runDir} open.`, {
      hint: 'Start its program to go on with it.',
    });
  }
  return new RunConflictError(`${runDir} is in use by ${holder}, which cannot be reached from here.`, {
    hint: 'Run this command on that machine, as the user who started it. A program of yours can be reached after `control.open(run)`.',
  });
}
