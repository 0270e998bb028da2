import { InvalidFileError } from '../errors.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import { pairPersona } from '../personas/persona.ts';
import { type FileWarning, readReleasedFile } from '../personas/released-files.ts';
import type { BenchmarkCase } from './benchmark-case.ts';

/** Paths of the two files of the release that hold its evaluation. */
export interface ReleasedCaseFiles {
  /** `profile_eval.jsonl`: one JSON string a line, a free text about one person. */
  readonly profiles: string;
  /** `personality_eval.jsonl`, in the same form. */
  readonly personalities: string;
}

/** How many of the released cases to read. */
export interface ReleasedCasesOptions {
  /** Number of profiles, from the start of their file. Default 20, as in the authors' evaluation. */
  readonly maxProfiles?: number | undefined;
  /** Number of personalities, from the start of their file. Default 5, as in the authors' evaluation, which uses five of seven. */
  readonly maxPersonalities?: number | undefined;
  /** Called for each damaged place in the files, with what was done about it. */
  readonly onWarning?: ((warning: FileWarning) => void) | undefined;
}

/**
 * Reads the cases of the authors' released evaluation from its two files: every profile with every personality, 20 x 5 =
 * 100, profile by profile. Cases share profiles and personalities by id, so statistics can tell that they are not independent.
 *
 * @throws InvalidFileError when a file cannot be read, has another shape, or fewer entries than asked for.
 * @throws InvalidOptionError for an unknown option or a number out of range.
 */
export async function readReleasedCases(
  files: ReleasedCaseFiles,
  options: ReleasedCasesOptions = {},
): Promise<BenchmarkCase[]> {
  checkKnownOptions<ReleasedCasesOptions>('readReleasedCases()', options, {
    maxProfiles: true,
    maxPersonalities: true,
    onWarning: true,
  });
  const counts = {
    profiles: checkNumber('maxProfiles', options.maxProfiles ?? 20, { min: 1, integer: true }),
    personalities: checkNumber('maxPersonalities', options.maxPersonalities ?? 5, { min: 1, integer: true }),
  };
  async function readFirst(path: string, count: number) {
    const { entries, warnings } = await readReleasedFile(path);
    for (const warning of warnings) options.onWarning?.(warning);
    if (entries.length < count) {
      throw new InvalidFileError(path, `has ${entries.length} entries; at least ${count} are needed.`);
    }
    return entries.slice(0, count);
  }
  const profiles = await readFirst(files.profiles, counts.profiles);
  const personalities = await readFirst(files.personalities, counts.personalities);
  return profiles.flatMap(({ id, statements: facts }) =>
    personalities.map(({ id: personalityId, statements: traits }) => {
      const persona = pairPersona({ id, facts }, { id: personalityId, traits });
      return { id: persona.id, persona };
    }),
  );
}
