import { InvalidOptionError } from '../errors.ts';
import { benchmarkEntries } from './apart-from.ts';
import type { PersonaPoolGrowOptions } from './grow-options.ts';
import { type PersonaPoolData, POOL_KINDS, type PoolKind, personaPoolSchema } from './pool-data.ts';
import { entryOfPersonality, entryOfProfile, type PoolEntry } from './pool-entry.ts';
import { seedPersonalities } from './seed-personalities.ts';
import { seedProfiles } from './seed-profiles.ts';

/** Entries of both kinds. */
export type Entries = Readonly<Record<PoolKind, readonly PoolEntry[]>>;

/** The seeds of a growth. @throws InvalidOptionError */
export function readSeeds({ seeds = {} }: PersonaPoolGrowOptions): Entries {
  checkKinds('seeds', seeds);
  const profiles = seeds.profiles ?? seedProfiles;
  const personalities = seeds.personalities ?? seedPersonalities;
  checkEntries('seeds', { profiles, personalities }, seeds);
  return {
    profiles: profiles.map(entryOfProfile),
    personalities: personalities.map(entryOfPersonality),
  };
}

/** The entries that a growth keeps apart from. @throws InvalidOptionError */
export function readApartFrom({ apartFrom }: PersonaPoolGrowOptions): Entries {
  if (apartFrom === undefined) return benchmarkEntries;
  checkKinds('apartFrom', apartFrom);
  const { profiles = [], personalities = [] } = apartFrom;
  // An empty list keeps apart from nothing.
  checkEntries(
    'apartFrom',
    {
      profiles: profiles.length === 0 ? seedProfiles : profiles,
      personalities: personalities.length === 0 ? seedPersonalities : personalities,
    },
    apartFrom,
  );
  return {
    profiles: profiles.map(entryOfProfile),
    personalities: personalities.map(entryOfPersonality),
  };
}

/** Refuses an object with neither of the two kinds, such as a misspelt one. A pool has both, as getters. */
function checkKinds(option: string, given: object): void {
  if (typeof given === 'object' && given !== null) {
    if (POOL_KINDS.some((kind) => kind in given) || Object.keys(given).length === 0) return;
  }
  throw new InvalidOptionError(option, 'lists as { profiles, personalities }, or a pool', given);
}

function checkEntries(
  option: string,
  entries: Pick<PersonaPoolData, 'profiles' | 'personalities'>,
  given: object,
): void {
  const checked = personaPoolSchema.safeParse({
    schema: 'aloe-persona-pool/2',
    ...entries,
    origins: { profiles: {}, personalities: {} },
    growth: null,
    warnings: [],
  });
  if (checked.success) return;
  const { path, message } = checked.error.issues[0]!;
  throw new InvalidOptionError(
    [option, ...path].join('.'),
    'non-empty lists of profiles and personalities with unique ids',
    given,
    { hint: `${message}.` },
  );
}
