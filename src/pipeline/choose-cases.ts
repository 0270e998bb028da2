import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { aloeCases } from '../benchmark/aloe-cases.ts';
import type { BenchmarkCase } from '../benchmark/benchmark-case.ts';
import { type ReleasedCasesOptions, readReleasedCases } from '../benchmark/released-cases.ts';
import { InvalidOptionError } from '../errors.ts';
import { checkNumber } from '../internal/options.ts';

/** Number of ALOE cases if a config does not say: all of them. */
export const DEFAULT_CASES = 100;

/** What {@link chooseCases} needs beside the cases' number or directory. */
export interface ChooseCasesOptions extends Pick<ReleasedCasesOptions, 'onWarning'> {
  /** Draws the cases. */
  readonly seed: number;
  /** Name of the option, for errors. */
  readonly option: string;
}

/**
 * So many ALOE cases, or those in the directory of the authors' release, whose 100 cases it reads.
 *
 * @throws InvalidOptionError if it is neither; InvalidFileError if a file of the release cannot be read.
 */
export async function chooseCases(
  given: number | string,
  { seed, option, onWarning }: ChooseCasesOptions,
): Promise<readonly BenchmarkCase[]> {
  if (typeof given === 'number') {
    const count = checkNumber(option, given, { min: 1, max: aloeCases().length, integer: true });
    return aloeCases({ count, seed });
  }
  const isDirectory = await stat(given).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isDirectory) {
    throw new InvalidOptionError(
      option,
      "a number of ALOE cases, or the directory of the authors' profile_eval.jsonl and personality_eval.jsonl",
      given,
    );
  }
  return readReleasedCases(
    { profiles: join(given, 'profile_eval.jsonl'), personalities: join(given, 'personality_eval.jsonl') },
    { onWarning },
  );
}
