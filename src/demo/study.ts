import { aloeCases } from '../benchmark/aloe-cases.ts';
import type { BenchmarkCase } from '../benchmark/benchmark-case.ts';
import type { Personality, Profile } from '../personas/persona.ts';
import { seedPersonalities } from '../personas/seed-personalities.ts';
import { seedProfiles } from '../personas/seed-profiles.ts';

/** Seed of the study. It was chosen before anything was played, for pairs of profile and personality that differ. */
export const DEMO_SEED = 728;

/** Turns of each conversation and each case. */
export const DEMO_TURNS = 3;

/** The shipped seeds that the pool grows from. */
const PROFILES = ['01', '04', '06', '13', '14', '16', '19', '20'];
const PERSONALITIES = ['01', '02', '03', '05', '08', '09', '10', '11'];

/** From what and how far the pool grows: four profiles and two personalities are generated. */
export const DEMO_POOL: {
  readonly seeds: { readonly profiles: readonly Profile[]; readonly personalities: readonly Personality[] };
  readonly profiles: number;
  readonly personalities: number;
  readonly entriesPerCall: number;
} = {
  seeds: {
    profiles: seedProfiles.filter(({ id }) => PROFILES.includes(id.slice(-2))),
    personalities: seedPersonalities.filter(({ id }) => PERSONALITIES.includes(id.slice(-2))),
  },
  profiles: 12,
  personalities: 10,
  entriesPerCall: 2,
};

const CASES = ['001', '004', '010', '023', '036', '054', '063', '070', '077', '079', '083', '093'];

/** The cases of the benchmark that the candidates are evaluated on. */
export function demoCases(): readonly BenchmarkCase[] {
  return aloeCases().filter(({ id }) => CASES.includes(id.slice(-3)));
}

/** The pair that the command line shows. */
export const DEMO_PAIR = { conversationId: 'profile-2+personality-seed-01', turn: 2 } as const;

/** Title of its report. */
export const DEMO_TITLE = 'Demo: a large language model in all roles';
