import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { InvalidFileError, InvalidOptionError } from '../errors.ts';
import { checkNumber } from '../internal/options.ts';
import { childSeed, sample, seededRandom } from '../internal/random.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import type { PersonaPoolGrowOptions } from './grow-options.ts';
import { growPool } from './grow-pool.ts';
import { type Persona, type Personality, type Profile, pairPersona } from './persona.ts';
import { type PersonaPoolData, type PoolGrowth, personaPoolSchema } from './pool-data.ts';
import { type FileWarning, readReleasedFile } from './released-files.ts';

export interface PairingOptions {
  /** How many different personalities each profile is paired with. Default 10, as the paper. */
  readonly personalitiesPerProfile?: number | undefined;
  /** Decides who is paired with whom. Default: the seed the pool was grown with, or 0. */
  readonly seed?: number | undefined;
}

/** Profiles and personalities, and the simulated users they are combined into. */
export class PersonaPool {
  /** All there is to the pool, as plain data. */
  readonly data: PersonaPoolData;

  private constructor(data: PersonaPoolData) {
    this.data = data;
  }

  /**
   * Grows a pool: a model writes new people after examples from the pool, and those too similar to an accepted one
   * are discarded, until the sizes are reached, most candidates are discarded, or the calls are used up. The same
   * run seed, seeds and answers give the same pool, in whatever order the answers come.
   *
   * @throws InvalidOptionError before the first call.
   * @throws ModelCallError when the model cannot be reached; single failed calls are counted and left behind.
   */
  static async grow(options: PersonaPoolGrowOptions): Promise<PersonaPool> {
    return new PersonaPool(await growPool(options));
  }

  /**
   * Reads a file that `save` wrote.
   *
   * @throws InvalidFileError when it cannot be read or is not such a file.
   */
  static async read(path: string): Promise<PersonaPool> {
    let value: unknown;
    try {
      value = JSON.parse(await readFile(path, 'utf8'));
    } catch (cause) {
      const problem = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
      throw new InvalidFileError(path, `${problem} (${(cause as Error).message}).`, { cause });
    }
    const parsed = personaPoolSchema.safeParse(value);
    if (!parsed.success) {
      throw new InvalidFileError(
        path,
        `is not a persona pool: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
        {
          hint: 'Expected is a file that PersonaPool.save() wrote.',
          cause: parsed.error,
        },
      );
    }
    return new PersonaPool(parsed.data);
  }

  /**
   * Reads the two files of the authors' public release: one JSON string a line, a free text that is split into
   * sentences. What is damaged in them is in `warnings`.
   *
   * @throws InvalidFileError when a file cannot be read or has another shape.
   */
  static async fromReleasedFiles(paths: {
    readonly profiles: string;
    readonly personalities: string;
  }): Promise<PersonaPool> {
    const [profiles, personalities] = await Promise.all([
      readReleasedFile(paths.profiles),
      readReleasedFile(paths.personalities),
    ]);
    for (const [path, { entries }] of [
      [paths.profiles, profiles],
      [paths.personalities, personalities],
    ] as const) {
      if (entries.length === 0) throw new InvalidFileError(path, 'holds no entry.');
    }
    const released = ({ entries }: typeof profiles) =>
      Object.fromEntries(entries.map(({ id }) => [id, 'released' as const]));
    return new PersonaPool({
      schema: 'aloe-persona-pool/2',
      profiles: profiles.entries.map(({ id, statements }) => ({ id, facts: statements })),
      personalities: personalities.entries.map(({ id, statements }) => ({ id, traits: statements })),
      origins: { profiles: released(profiles), personalities: released(personalities) },
      growth: null,
      warnings: [...profiles.warnings, ...personalities.warnings],
    });
  }

  get profiles(): readonly Profile[] {
    return this.data.profiles;
  }

  get personalities(): readonly Personality[] {
    return this.data.personalities;
  }

  get size(): { readonly profiles: number; readonly personalities: number } {
    return { profiles: this.profiles.length, personalities: this.personalities.length };
  }

  /** How the pool grew, with every rejected candidate and its nearest neighbour; null for one read from released files. */
  get growth(): PoolGrowth | null {
    return this.data.growth;
  }

  /** Damage in the files the pool was read from. */
  get warnings(): readonly FileWarning[] {
    return this.data.warnings;
  }

  /**
   * Every profile with so many different personalities, profile by profile. A profile's pairing depends on the seed
   * and its own id only: a larger number keeps the pairs of a smaller one, and adds to them.
   *
   * @throws InvalidOptionError when the pool has fewer personalities than asked for.
   */
  personas(options: PairingOptions = {}): Persona[] {
    const count = checkNumber('personalitiesPerProfile', options.personalitiesPerProfile ?? 10, {
      min: 1,
      integer: true,
    });
    const seed = checkNumber('seed', options.seed ?? this.growth?.seed ?? 0, { min: 0, integer: true });
    if (count > this.personalities.length) {
      const expected = `at most ${this.personalities.length}, the number of personalities in the pool`;
      throw new InvalidOptionError('personalitiesPerProfile', expected, count);
    }
    return this.profiles.flatMap((profile) => {
      const random = seededRandom(childSeed(seed, 'pairing', profile.id));
      return sample(this.personalities, count, random).map((personality) =>
        pairPersona(profile, personality),
      );
    });
  }

  /** Writes the pool as a JSON file that takes the place of an older one only when it is complete. */
  async save(path: string): Promise<void> {
    await writeFileAtomic(path, `${JSON.stringify(this.data, null, 2)}\n`);
  }
}
