import { openRun, type Run } from '../src/index.ts';
import { duration } from '../src/internal/format.ts';

/** What a program of the proof works with. */
export interface Program {
  readonly run: Run;
  readonly seed: number;
  /** Prints a line, after the time since the start. */
  readonly say: (text: string) => void;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Runs a program on the run in `out`, and closes the run at the end. */
export async function runProgram(
  { out, seed: given }: { readonly out: string; readonly seed: string },
  work: (program: Program) => Promise<void>,
): Promise<void> {
  const start = performance.now();
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const seed = Number(given);
  const run = await openRun(out, { seed });
  try {
    await work({
      run,
      seed,
      say: (text) => console.log(`[${duration(performance.now() - start)}] ${text}`),
      signal: stop.signal,
    });
  } finally {
    await run.close();
  }
}
