import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface CommandOptions {
  readonly cwd?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with each line of either output as it comes. */
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface CommandResult {
  /** Null for a program that a signal ended. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program where it is: here, or on another machine. Each word is passed as it is. */
export type CommandRunner = (
  command: readonly string[],
  options: { readonly signal?: AbortSignal | undefined },
) => Promise<CommandResult>;

/**
 * Runs a program, without a shell, to its end. An exit code of any kind is a result.
 *
 * @throws Error when the program could not be started; the signal's reason when it fires, once the program has ended.
 */
export function runCommand(
  command: readonly string[],
  { cwd, env, signal, onLine }: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const [program = '', ...words] = command;
    const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], signal });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text;
      });
      if (onLine) createInterface({ input: child[stream] }).on('line', onLine);
    }
    child.on('error', (error) => {
      // An aborted child is waited for until it has closed.
      if (child.pid === undefined) reject(error);
    });
    child.on('close', (exitCode) => {
      if (signal?.aborted) reject(signal.reason);
      else resolve({ exitCode, ...output });
    });
  });
}
