import {
  aloeCases,
  type BenchmarkCase,
  type CheckablePreference,
  checkableCases,
  numberTraits,
  type Persona,
  pairPersona,
  seedPersonalities,
  seedProfiles,
  withCheckablePreferences,
} from '../src/index.ts';
import { sample, seededRandom } from '../src/internal/random.ts';
import { KINDS } from './cues.ts';

/** People of the training conversations: shipped seeds, each profile with each personality at most once. */
export function trainingPeople(count: number, seed: number): Persona[] {
  const all = seedProfiles.flatMap((profile) =>
    seedPersonalities.map((personality) => pairPersona(profile, personality)),
  );
  return withCheckablePreferences(sample(all, count, seededRandom(seed)), { seed, kinds: KINDS });
}

/** People of the benchmark: none of them is in any training conversation. */
export function evaluationCases(count: number, seed: number): BenchmarkCase[] {
  return checkableCases(sample(aloeCases(), count, seededRandom(seed)), { seed, kinds: KINDS });
}

/** Which statement, word for word, says which preference: how scripted roles read a prompt. */
export function statedPreferences(people: readonly Persona[]): Map<string, CheckablePreference> {
  return new Map(
    people.flatMap((persona) => {
      const texts = new Map(numberTraits(persona).map(({ id, text }) => [id, text]));
      return (persona.preferences ?? []).map(
        (preference) => [texts.get(preference.trait)!, preference] as const,
      );
    }),
  );
}
