import { type Persona, pairPersona } from '../../src/personas/persona.ts';
import { seedPersonalities } from '../../src/personas/seed-personalities.ts';
import { seedProfiles } from '../../src/personas/seed-profiles.ts';

/** Personas of the shipped profiles and personalities, each with an id of its own. */
export function benchPersonas(count: number): Persona[] {
  return Array.from({ length: count }, (_, number) => ({
    ...pairPersona(
      seedProfiles[number % seedProfiles.length]!,
      seedPersonalities[Math.floor(number / seedProfiles.length) % seedPersonalities.length]!,
    ),
    id: `persona-${number}`,
  }));
}
