import { TrainingError } from '../../errors.ts';
import { runCommand } from '../../internal/run-command.ts';
import { type PythonFile, pythonFilePath } from './python-script.ts';

/** What a Python script of this package runs with. */
export interface PythonOptions {
  /** A Python with the packages of `setupPython()`. */
  readonly python: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a Python script of this package.
 *
 * @returns what it printed.
 * @throws TrainingError with the end of what it wrote to stderr.
 */
export async function runPython(
  script: PythonFile,
  words: readonly string[],
  { python, signal }: PythonOptions,
): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand([python, pythonFilePath(script), ...words], {
    signal,
  });
  if (exitCode === 0) return stdout.trim();
  throw new TrainingError('python', `${script} ended with ${exitCode}: ${stderr.trim().slice(-2_000)}`, {
    hint: 'Use a Python with the packages of `aloe train setup`.',
  });
}
