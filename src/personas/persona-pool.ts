import { InvalidFileError, InvalidOptionError } from '../errors.ts';
import { readJsonFile } from '../internal/json-file.ts';
import { checkKnownOptions, type Scalars, wholeNumber } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import { childSeed, seededRandom } from '../internal/random.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import { type DescribePoolOptions, describePool } from './describe/describe-pool.ts';
import type { PoolDescription } from './describe/pool-description.ts';
import { drawPersonalities } from './draw-personalities.ts';
import type { PersonaPoolGrowOptions } from './grow-options.ts';
import { growTogether } from './grow-together.ts';
import { type Persona, type Personality, type Profile, pairPersona } from './persona.ts';
import { type PersonaPoolData, type PoolGrowth, personaPoolSchema } from './pool-data.ts';
import { type FileWarning, readReleasedFile } from './released-files.ts';

/** Options of {@link PersonaPool.personas}. */
export interface PairingOptions {
  /** Number of distinct personalities paired with each profile. Default 10, as in the paper. */
  readonly personalitiesPerProfile?: number | undefined;
  /** Seed of the pairing. Default: the seed the pool was grown with, or 0. */
  readonly seed?: number | undefined;
}

/** The options of {@link PairingOptions} that are set before a pool is there. */
export const pairingScalars: Scalars<Record<'personalitiesPerProfile', number>> = {
  personalitiesPerProfile: wholeNumber({ min: 1 }, 10, 'Personalities paired with each profile.'),
};

/**
 * Profiles and personalities, which combine into the personas of simulated users.
 *
 * @example
 * ```ts
 * const pool = await PersonaPool.grow({ run, model, embedder });
 * const personas = pool.personas({ personalitiesPerProfile: 2 });
 * ```
 */
export class PersonaPool {
  /** The whole pool as plain data, as `save` writes it. */
  readonly data: PersonaPoolData;

  private constructor(data: PersonaPoolData) {
    this.data = data;
  }

  /**
   * Grows a pool. A model generates entries, given examples from the pool. Those too similar to an accepted entry are
   * discarded. Growth stops when the target sizes are reached, when too few entries are accepted, or when the calls
   * are used up. The same run seed, seed entries and replies give the same pool, whatever order the replies arrive in.
   *
   * @throws InvalidOptionError before the first call, for an invalid option.
   * @throws ModelCallError when the model cannot be reached. Isolated failed calls are counted and skipped.
   */
  static async grow(options: PersonaPoolGrowOptions): Promise<PersonaPool> {
    return new PersonaPool(await growTogether(options));
  }

  /**
   * Reads a file written by `save`.
   *
   * @throws InvalidFileError when the file cannot be read or is not a persona pool.
   */
  static async read(path: string): Promise<PersonaPool> {
    const what = 'a persona pool';
    const hint = 'Pass a file written by PersonaPool.save().';
    return new PersonaPool(await readJsonFile(path, personaPoolSchema, { what, hint }));
  }

  /**
   * Reads the two files of the authors' public release. Each line is one JSON string, free text that is split into
   * sentences. Damaged lines are listed in `warnings`.
   *
   * @throws InvalidFileError when a file cannot be read, is empty, or has a different format.
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
      if (entries.length === 0) throw new InvalidFileError(path, 'contains no entries.');
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

  /** In a grown pool, seeds come first, then generated profiles in order of acceptance. */
  get profiles(): readonly Profile[] {
    return this.data.profiles;
  }

  /** In a grown pool, seeds come first, then generated personalities in order of acceptance. */
  get personalities(): readonly Personality[] {
    return this.data.personalities;
  }

  /** Number of profiles and of personalities. */
  get size(): { readonly profiles: number; readonly personalities: number } {
    return { profiles: this.profiles.length, personalities: this.personalities.length };
  }

  /** How the pool grew, with every discarded entry and its nearest neighbour. Null if read from released files. */
  get growth(): PoolGrowth | null {
    return this.data.growth;
  }

  /** Damage found in the released files the pool was read from. */
  get warnings(): readonly FileWarning[] {
    return this.data.warnings;
  }

  /**
   * Pairs every profile with `personalitiesPerProfile` distinct personalities, in profile order. A profile's pairs
   * depend only on the seed and its own id, so a larger number keeps the pairs of a smaller one and adds to them. If the
   * pool was grown with attributes of personalities, each profile gets their values by the quotas.
   *
   * @throws InvalidOptionError for an unknown option, or when the pool has fewer personalities than requested.
   */
  personas(options: PairingOptions = {}): Persona[] {
    checkKnownOptions<PairingOptions>('personas()', options, { personalitiesPerProfile: true, seed: true });
    const count = pairingScalars.personalitiesPerProfile(
      options.personalitiesPerProfile,
      'personalitiesPerProfile',
    );
    const seed = checkNumber('seed', options.seed ?? this.growth?.seed ?? 0, { min: 0, integer: true });
    if (count > this.personalities.length) {
      const expected = `at most ${this.personalities.length}, the number of personalities in the pool`;
      throw new InvalidOptionError('personalitiesPerProfile', expected, count);
    }
    return this.profiles.flatMap((profile) => {
      const random = seededRandom(childSeed(seed, 'pairing', profile.id));
      return drawPersonalities(this.personalities, count, random, this.growth?.quotas?.personalities).map(
        (personality) => pairPersona(profile, personality),
      );
    });
  }

  /**
   * Describes what the pool covers: how similar entries are to their nearest neighbours, how many have each attribute, what is
   * missing, and a place on a 2-D map for each entry. `aloe pool describe` writes it as a page. Takes time with the square
   * of the size.
   *
   * @example
   * ```ts
   * const { profiles } = await pool.describe({ embedder });
   * console.log(profiles.neighbours.median, profiles.effectiveSize, profiles.gaps);
   * ```
   *
   * @throws InvalidOptionError for an option that is unknown or wrong; whatever the embedder throws.
   */
  async describe(options: DescribePoolOptions): Promise<PoolDescription> {
    return describePool(this.data, options);
  }

  /** Writes the pool as a JSON file. An existing file is replaced only once the new one is complete. */
  async save(path: string): Promise<void> {
    await writeFileAtomic(path, `${JSON.stringify(this.data, null, 2)}\n`);
  }
}
