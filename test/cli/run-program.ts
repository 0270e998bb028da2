import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

export interface ProgramOptions {
  /** Default: the repository. */
  readonly cwd?: string;
  /** On top of this process's environment, without any setting for OpenAI. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the process once it runs. */
  readonly onStart?: (program: RunningProgram) => void;
}

export interface RunningProgram {
  /** What Ctrl-C sends. */
  interrupt(): void;
  /** As `kill -9`. */
  kill(): void;
  /** Resolves when the program has written these words to stderr. */
  said(words: string): Promise<void>;
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a TypeScript program of this repository in a process of its own and waits for its end. */
export function runProgram(
  nodeArguments: readonly string[],
  { cwd = ROOT, env = {}, onStart }: ProgramOptions = {},
): Promise<Finished> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(openai_|node_options|vitest)/i.test(name),
  );
  const child = spawn(process.execPath, nodeArguments, {
    cwd,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text));
  }
  onStart?.({
    interrupt: () => child.kill('SIGINT'),
    kill: () => child.kill('SIGKILL'),
    said: (words) =>
      new Promise((resolve) => {
        const look = () => output.stderr.includes(words) && resolve();
        child.stderr.on('data', look);
        look();
      }),
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code, ...output }));
  });
}

/** The lines on stderr that tell of something wrong, in the program or in Node. Notes and progress are there too. */
export function complaints({ stderr }: Finished): string[] {
  return stderr.split('\n').filter((line) => /error|warning|deprecat/i.test(line));
}

/** Runs the command line, as `npm run quickstart` does. */
export function runAloe(words: readonly string[], options: ProgramOptions = {}): Promise<Finished> {
  return runProgram([join(ROOT, 'src/cli/aloe.ts'), ...words], {
    ...options,
    env: { NO_COLOR: '1', ...options.env },
  });
}
