import { InvalidFileError } from '../errors.ts';
import { checkNumber } from '../internal/options.ts';
import { pairPersona } from '../personas/persona.ts';
import { type FileWarning, readReleasedFile } from '../personas/released-files.ts';
import type { BenchmarkCase } from './benchmark-case.ts';

/** How many cases to read, and who hears about damage in the files. */
export interface ReleasedCasesOptions {
  /** How many profiles, from the start of their file. Default 20, as in the authors' evaluation. */
  readonly profiles?: number | undefined;
  /** How many personalities, from the start of their file. Default 5: the authors use the first five of seven. */
  readonly personalities?: number | undefined;
  /** Called for each damaged place in the files, with what was done about it. */
  readonly onWarning?: ((warning: FileWarning) => void) | undefined;
}

/**
 * The cases of the authors' released evaluation, from its two files: every profile with every personality, 20 x 5 = 100,
 * profile by profile. Cases share profiles and personalities by id, so statistics can tell that they are not independent.
 *
 * @param profileFile `profile_eval.jsonl` of the release: one JSON string a line, a free text about one person.
 * @param personalityFile `personality_eval.jsonl`, likewise.
 * @throws InvalidFileError when a file cannot be read, has another shape, or fewer entries than asked for.
 * @throws InvalidOptionError for a number out of range.
 */
export async function releasedCases(
  profileFile: string,
  personalityFile: string,
  options: ReleasedCasesOptions = {},
): Promise<BenchmarkCase[]> {
  const counts = {
    profiles: checkNumber('profiles', options.profiles ?? 20, { min: 1, integer: true }),
    personalities: checkNumber('personalities', options.personalities ?? 5, { min: 1, integer: true }),
  };
  async function readFirst(path: string, count: number) {
    const { entries, warnings } = await readReleasedFile(path);
    for (const warning of warnings) options.onWarning?.(warning);
    if (entries.length < count) {
      throw new InvalidFileError(path, `has ${entries.length} entries; at least ${count} are needed.`);
    }
    return entries.slice(0, count);
  }
  const profiles = await readFirst(profileFile, counts.profiles);
  const personalities = await readFirst(personalityFile, counts.personalities);
  return profiles.flatMap(({ id, statements: facts }) =>
    personalities.map(({ id: personalityId, statements: traits }) => {
      const persona = pairPersona({ id, facts }, { id: personalityId, traits });
      return { id: persona.id, persona };
    }),
  );
}
