import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Options of {@link runCommand}. */
export interface CommandOptions {
  /** Working directory. Default: that of this process. */
  readonly cwd?: string | undefined;
  /** All environment variables of the program. Default: those of this process. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Kills the program. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each line of stdout and stderr. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** How a program ended, and what it printed. */
export interface CommandResult {
  /** Null if the program was killed by a signal. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program, on this machine or another. The arguments are passed without a shell. */
export type CommandRunner = (
  command: readonly string[],
  options: { readonly signal?: AbortSignal | undefined },
) => Promise<CommandResult>;

/**
 * Runs a program without a shell and waits for its end. A non-zero exit code is a result, not an error.
 *
 * @throws Error when the program cannot be started. On abort, the signal's reason, once the program has ended.
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
      // An aborted child rejects in `close`, once it has ended.
      if (child.pid === undefined) reject(error);
    });
    child.on('close', (exitCode) => {
      if (signal?.aborted) reject(signal.reason);
      else resolve({ exitCode, ...output });
    });
  });
}
