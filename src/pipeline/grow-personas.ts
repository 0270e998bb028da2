import { InvalidOptionError } from '../errors.ts';
import { replayGrowth } from '../estimate/replay-growth.ts';
import { sample, seededRandom } from '../internal/random.ts';
import { describeShortfall } from '../personas/describe-shortfall.ts';
import type { PersonaPoolGrowOptions } from '../personas/grow-options.ts';
import type { Persona } from '../personas/persona.ts';
import { PersonaPool, pairingScalars } from '../personas/persona-pool.ts';
import type { Pipeline } from './pipeline.ts';

/** The options of `PersonaPool.grow()` that a config describes. */
export function growthOptions(pipeline: Pipeline): PersonaPoolGrowOptions {
  const { pool: _pool, personalitiesPerProfile: _count, ...sizes } = pipeline.config.personas ?? {};
  const { model, growth } = pipeline.model('personas');
  return {
    ...growth,
    ...sizes,
    run: pipeline.run,
    model,
    embedder: pipeline.embedder(),
    signal: pipeline.signal,
  };
}

/**
 * Grows the persona pool of a config and saves it, or reads the one that the config names.
 *
 * @throws InvalidFileError if the file named by `personas.pool` is not a pool; whatever growing throws.
 */
export async function growPersonas(pipeline: Pipeline): Promise<PersonaPool> {
  const { pool } = pipeline.config.personas ?? {};
  if (pool !== undefined) return PersonaPool.read(pool);
  const grown = await PersonaPool.grow(growthOptions(pipeline));
  await grown.save(pipeline.files.personas);
  return grown;
}

/**
 * The pool that the config names, or that was grown into this run before.
 *
 * @throws InvalidFileError if there is none, or the file is something else.
 */
export function readPool({ config, files }: Pick<Pipeline, 'config' | 'files'>): Promise<PersonaPool> {
  return PersonaPool.read(config.personas?.pool ?? files.personas);
}

/** The pool if the run holds every answer that growing it needs. Null if it is still to be grown. */
export async function knownPool(pipeline: Pipeline): Promise<PersonaPool | null> {
  return (await replayGrowth(growthOptions(pipeline)))?.pool ?? null;
}

/**
 * The personas to simulate: all pairs of the pool, or as many as the config says, drawn by the seed. Of a pool that was grown
 * for this run and fell short of its size, it takes what there is, since that was paid for.
 *
 * @throws InvalidOptionError if another pool has fewer pairs or personalities than the config asks for.
 */
export function pickPersonas({ config, run }: Pipeline, pool: PersonaPool): readonly Persona[] {
  const { pool: named, personalitiesPerProfile: asked } = config.personas ?? {};
  const takesFewer = named === undefined && describeShortfall(pool) !== '';
  const perProfile = pairingScalars.personalitiesPerProfile(asked, 'personas.personalitiesPerProfile');
  const personalitiesPerProfile = takesFewer ? Math.min(perProfile, pool.size.personalities) : perProfile;
  const all = pool.personas({ personalitiesPerProfile, seed: config.seed });
  const { personas: count } = config.conversations ?? {};
  if (count === undefined || (takesFewer && count >= all.length)) return all;
  if (count > all.length) {
    const expected = `at most ${all.length}, the number of personas in the pool`;
    throw new InvalidOptionError('conversations.personas', expected, count);
  }
  return sample(all, count, seededRandom(run.seed));
}
