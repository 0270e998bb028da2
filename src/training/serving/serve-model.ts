import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidOptionError, TrainingError } from '../../errors.ts';
import { checkPath } from '../../internal/check-path.ts';
import { onAbort } from '../../internal/on-abort.ts';
import { type CheckedOptions, callback, checkOptions, wholeNumber } from '../../internal/option-checks.ts';
import { sleep } from '../../internal/sleep.ts';
import { weightsRevision } from '../../models/weights-revision.ts';
import { refuseWindows } from '../backends/refuse-windows.ts';
import { defaultPython, programPath } from '../folder/setup-python.ts';
import { checkPassEnv, trainerEnvironment } from '../folder/trainer-environment.ts';
import { freePort } from './free-port.ts';
import { fillCommand, PLACEHOLDERS, transformersServe } from './server-command.ts';
import { startWatchedProcess, type WatchedProcess } from './watched-process.ts';

/** Options of {@link serveModel}. */
export interface ServeModelOptions {
  /**
   * A Python with `transformers[serving]`, for the default command. Default: the environment that `setupPython()` made,
   * otherwise `python3`.
   */
  readonly python?: string | undefined;
  /**
   * The server's program and arguments, with `{model}` and `{port}` in place of the model's path and the port:
   * `['vllm', 'serve', '{model}', '--host', '127.0.0.1', '--port', '{port}']`. Default: `transformers serve`.
   */
  readonly command?: readonly string[] | undefined;
  /** Port on 127.0.0.1. Default: a free one. */
  readonly port?: number | undefined;
  /**
   * Names of more environment variables that the server gets, as for trainers: paths, caches and devices by default, and
   * no API key. Default: none.
   */
  readonly passEnv?: readonly string[] | undefined;
  /** How long it may take until the server answers, in milliseconds. Default 600,000. */
  readonly startTimeoutMs?: number | undefined;
  /** How long the server may take to end before it is killed, in milliseconds. Default 10,000. */
  readonly graceMs?: number | undefined;
  /** Called with what the server prints, without secrets. */
  readonly onOutput?: ((text: string) => void) | undefined;
  /** Ends the server, whether it is starting or running. */
  readonly signal?: AbortSignal | undefined;
}

/** A model that is being served on this machine. The first three members are what `openaiCompatible` takes. */
export interface ServedModel {
  /** The model's name on the server: its absolute path. */
  readonly model: string;
  /** Address of the server, with `/v1`. */
  readonly baseUrl: string;
  /** Changes when the weights do. Undefined for something else than a directory with weights. */
  readonly revision: string | undefined;
  /** The last 64 KiB of what the server has printed, without secrets. */
  log(): string;
  /** Ends the server. Later calls do nothing. */
  close(): Promise<void>;
  /** {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Between two looks at whether the server answers. */
const POLL_MS = 250;
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Serves a trained model on this machine (Linux or macOS) until it is closed. It resolves once the server answers. The
 * server listens on 127.0.0.1 only, and ends with this process, however that ends.
 *
 * @param model A directory with complete weights, such as `tuned/dpo/model`, or whatever the command serves.
 *
 * @example
 * ```ts
 * import { openaiCompatible } from 'aloe-align/models/openai-compatible';
 * import { serveModel } from 'aloe-align/training';
 *
 * const served = await serveModel('tuned/dpo/model');
 * try {
 *   const { model, baseUrl, revision } = served;
 *   const tuned = openaiCompatible(model, { baseUrl, revision });
 *   console.log(await tuned.generate({ messages: [{ role: 'user', content: 'Hello!' }] }));
 * } finally {
 *   await served.close();
 * }
 * ```
 *
 * @throws InvalidOptionError if an option is wrong, there is no such model, or the port is taken. TrainingError with the
 * end of the server's output if it exits or does not answer in time. On abort, the signal's reason.
 */
export async function serveModel(model: string, options: ServeModelOptions = {}): Promise<ServedModel> {
  refuseWindows('serving');
  const { command, passEnv, port, startTimeoutMs, graceMs, onOutput, signal } = checkServeOptions(options);
  const path = locateModel(model, options.command === undefined);
  signal?.throwIfAborted();
  const ownPort = await freePort(port);
  const words = fillCommand(command, path, ownPort);
  const server = await startWatchedProcess(words, {
    env: trainerEnvironment(process.env, passEnv),
    onOutput,
  });
  let ending: Promise<void> | undefined;
  const close = (): Promise<void> => {
    ending ??= server.end(graceMs);
    return ending;
  };
  const stopListening = signal && onAbort(signal, () => void close());
  const root = `http://127.0.0.1:${ownPort}`;
  try {
    await untilReady(root, server, words, startTimeoutMs, signal);
  } catch (error) {
    await close();
    throw error;
  }
  const end = async (): Promise<void> => {
    stopListening?.();
    await close();
  };
  return {
    model: path,
    baseUrl: `${root}/v1`,
    revision: weightsRevision(path),
    log: () => server.log(),
    close: end,
    [Symbol.asyncDispose]: end,
  };
}

interface CheckedServeOptions {
  readonly command: readonly string[];
  readonly passEnv: readonly string[];
  readonly signal: AbortSignal | undefined;
}

function checkServeOptions(
  options: ServeModelOptions,
): CheckedOptions<ServeModelOptions, CheckedServeOptions> {
  return checkOptions<ServeModelOptions, CheckedOptions<ServeModelOptions, CheckedServeOptions>>(
    'serveModel()',
    options,
    {
      python: (given) => given ?? defaultPython(),
      command: (given) =>
        checkCommand(given ?? transformersServe(programPath(options.python ?? defaultPython()))),
      port: wholeNumber({ min: 0, max: 65_535 }, 0),
      passEnv: checkPassEnv,
      startTimeoutMs: wholeNumber({ min: 1 }, 600_000),
      graceMs: wholeNumber({ min: 0 }, 10_000),
      onOutput: callback<(text: string) => void>(() => {}),
      signal: (given) => given,
    },
  );
}

function checkCommand(command: readonly string[]): readonly string[] {
  const isText =
    Array.isArray(command) && command.every((word) => typeof word === 'string' && !word.includes('\0'));
  if (isText && Object.values(PLACEHOLDERS).every((place) => command.some((word) => word.includes(place)))) {
    return command;
  }
  throw new InvalidOptionError(
    'command',
    'a program and its arguments, with {model} and {port} in them',
    command,
  );
}

/** @throws InvalidOptionError if it is not there, or not what the default server serves. */
function locateModel(model: string, byDefaultServer: boolean): string {
  const path = resolve(checkPath('model', model, 'the path of a model'));
  if (!existsSync(path)) throw new InvalidOptionError('model', 'the path of a model', model);
  if (byDefaultServer && !existsSync(join(path, 'config.json'))) {
    const isAdapter = existsSync(join(path, 'adapter_config.json'));
    throw new InvalidOptionError('model', 'a directory with a config.json', model, {
      hint: isAdapter ? 'Serve the complete weights: the directory `model` beside this adapter.' : undefined,
    });
  }
  return path;
}

/** @throws TrainingError if the server ends or the time is over. */
async function untilReady(
  root: string,
  server: WatchedProcess,
  words: readonly string[],
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const start = performance.now();
  while (!(await isReady(root))) {
    signal?.throwIfAborted();
    if (server.hasEnded()) throw failed(words, `ended with ${server.outcome()} before it answered`, server);
    if (performance.now() - start >= timeoutMs) {
      throw failed(words, `did not answer at ${root} within ${Math.round(timeoutMs / 1_000)} s`, server);
    }
    await sleep(POLL_MS, signal);
  }
  // Whoever answers may be another program, if ours could not take the port.
  if (server.hasEnded()) throw failed(words, `ended with ${server.outcome()}`, server);
}

/** Servers without `/health`, such as Ollama, list their models once they answer. */
async function isReady(root: string): Promise<boolean> {
  const status = await statusOf(`${root}/health`);
  return status === 404 ? (await statusOf(`${root}/v1/models`)) === 200 : status === 200;
}

async function statusOf(url: string): Promise<number | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  }
}

function failed(words: readonly string[], problem: string, server: WatchedProcess): TrainingError {
  const log = server.log().trim().split('\n').slice(-20).join('\n');
  return new TrainingError('serving', `${words.join(' ')} ${problem}.${log === '' ? '' : `\n${log}`}`, {
    hint:
      server.outcome() === 127
        ? 'Install the program, or name its path in "command" or "python".'
        : undefined,
  });
}
