import type { Persona } from '../../personas/persona.ts';

/** The persona as shown to judges, one line per statement. */
export function describeUser({ profile, personality }: Persona): string {
  return `The user's life:\n${list(profile.facts)}\nThe user's character:\n${list(personality.traits)}`;
}

function list(statements: readonly string[]): string {
  return statements.map((statement) => `- ${statement.replace(/\s+/g, ' ')}`).join('\n');
}
