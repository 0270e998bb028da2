import type { BenchmarkCase } from '../benchmark/benchmark-case.ts';
import { chooseCases } from '../pipeline/choose-cases.ts';
import { printError } from './terminal.ts';

/** The cases that `--cases` names: a number or a directory. Damaged lines of the release are told on stderr. */
export function chooseFlaggedCases(given: string, seed: number): Promise<readonly BenchmarkCase[]> {
  const isNumber = given.trim() !== '' && Number.isFinite(Number(given));
  return chooseCases(isNumber ? Number(given) : given, {
    seed,
    option: 'cases',
    onWarning: ({ file, line, message }) => printError(`${file}, line ${line}: ${message}`),
  });
}
