import { type Persona, pairPersona } from '../../src/personas/persona.ts';
import { seedPersonalities } from '../../src/personas/seed-personalities.ts';
import { seedProfiles } from '../../src/personas/seed-profiles.ts';

/** Personas of the shipped profiles and personalities. No two share a statement, as in a grown pool. */
export function benchPersonas(count: number): Persona[] {
  return Array.from({ length: count }, (_, number) => {
    const { profile, personality } = pairPersona(
      seedProfiles[number % seedProfiles.length]!,
      seedPersonalities[Math.floor(number / seedProfiles.length) % seedPersonalities.length]!,
    );
    const unlike = (statement: string) => `${statement}, ${number}`;
    return {
      id: `persona-${number}`,
      profile: { id: `profile-${number}`, facts: profile.facts.map(unlike) },
      personality: { id: `personality-${number}`, traits: personality.traits.map(unlike) },
    };
  });
}
