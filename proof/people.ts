import {
  aloeCases,
  type BenchmarkCase,
  numberStatements,
  type Persona,
  pairPersona,
  seedPersonalities,
  seedProfiles,
} from '../src/index.ts';
import { sample, seededRandom } from '../src/internal/random.ts';
import { type PersonaRule, ruleCases, withRules } from '../src/rules.ts';
import { KINDS } from './cues.ts';

/** People of the training conversations: shipped seeds, each profile with each personality at most once. */
export function trainingPeople(count: number, seed: number): Persona[] {
  const all = seedProfiles.flatMap((profile) =>
    seedPersonalities.map((personality) => pairPersona(profile, personality)),
  );
  return withRules(sample(all, count, seededRandom(seed)), { seed, kinds: KINDS });
}

/** People of the benchmark. None is in a training conversation. */
export function evaluationCases(count: number, seed: number): BenchmarkCase[] {
  return ruleCases(aloeCases({ count, seed }), { seed, kinds: KINDS });
}

/** Maps each statement's exact text to the rule it stands for. Scripted roles read prompts with it. */
export function rulesByText(people: readonly Persona[]): Map<string, PersonaRule> {
  return new Map(
    people.flatMap((persona) => {
      const texts = new Map(numberStatements(persona).map(({ id, text }) => [id, text]));
      return (persona.rules ?? []).map((rule) => [texts.get(rule.statement)!, rule] as const);
    }),
  );
}
