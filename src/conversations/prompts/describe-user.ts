import type { Persona } from '../../personas/persona.ts';

/**
 * The persona as shown to judges, one line per statement. With a task, also what the user wants done in this conversation,
 * such as "wants a toast written", so that charm alone does not earn the best score.
 */
export function describeUser({ profile, personality }: Persona, task?: string): string {
  const person = `The user's life:\n${list(profile.facts)}\nThe user's character:\n${list(personality.traits)}`;
  if (task === undefined) return person;
  return `${person}\nIn this conversation the user ${task}. A reply that does not bring this forward where it could does not fully suit the user, however pleasant it is.`;
}

function list(statements: readonly string[]): string {
  return statements.map((statement) => `- ${statement.replace(/\s+/g, ' ')}`).join('\n');
}
