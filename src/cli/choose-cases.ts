import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { aloeCases } from '../benchmark/aloe-cases.ts';
import type { BenchmarkCase } from '../benchmark/benchmark-case.ts';
import { readReleasedCases } from '../benchmark/released-cases.ts';
import { InvalidOptionError } from '../errors.ts';
import { readNumber } from './read-number.ts';
import { printError } from './terminal.ts';

/**
 * The cases that `--cases` names: a number of ALOE cases, or the directory of the authors' release, whose 100 cases it
 * reads. Damaged lines of the release are told on stderr.
 *
 * @throws InvalidOptionError if it is neither.
 * @throws InvalidFileError if a file of the release cannot be read.
 */
export async function chooseCases(given: string, seed: number): Promise<readonly BenchmarkCase[]> {
  if (given.trim() !== '' && Number.isFinite(Number(given))) {
    const count = readNumber('cases', given, { min: 1, max: aloeCases().length, whole: true });
    return aloeCases({ count, seed });
  }
  const isDirectory = await stat(given).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isDirectory) {
    throw new InvalidOptionError(
      'cases',
      "a number of ALOE cases, or the directory of the authors' profile_eval.jsonl and personality_eval.jsonl",
      given,
    );
  }
  return readReleasedCases(
    { profiles: join(given, 'profile_eval.jsonl'), personalities: join(given, 'personality_eval.jsonl') },
    { onWarning: ({ file, line, message }) => printError(`${file}, line ${line}: ${message}`) },
  );
}
