import type { Personality, Profile } from './persona.ts';

/** A profile or personality during growth. */
export interface PoolEntry {
  readonly id: string;
  readonly statements: readonly string[];
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

/** A profile as an entry, without its word for statements. */
export function entryOfProfile({ id, facts, attributes }: Profile): PoolEntry {
  return { id, statements: facts, ...(attributes && { attributes }) };
}

/** A personality as an entry, without its word for statements. */
export function entryOfPersonality({ id, traits, attributes }: Personality): PoolEntry {
  return { id, statements: traits, ...(attributes && { attributes }) };
}
