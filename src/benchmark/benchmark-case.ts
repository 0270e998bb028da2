import { z } from 'zod';
import { type Persona, personaSchema } from '../personas/persona.ts';

/** One case of the benchmark: a persona that no training conversation has. */
export interface BenchmarkCase {
  readonly id: string;
  readonly persona: Persona;
  /** Where the user changes in the middle of the conversation. Default: nowhere. */
  readonly drift?: PersonaDrift | undefined;
}

/** A user whose preferences change at a turn: from there on they are this persona. */
export interface PersonaDrift {
  /** The first turn of the changed user, from 2. */
  readonly turn: number;
  readonly persona: Persona;
}

export const personaDriftSchema: z.ZodType<PersonaDrift> = z.object({
  turn: z.int().min(2),
  persona: personaSchema,
});

/** Who the user of a case is at a turn. */
export function personaAt(
  { persona, drift }: Pick<BenchmarkCase, 'persona' | 'drift'>,
  turn: number,
): Persona {
  return drift !== undefined && turn >= drift.turn ? drift.persona : persona;
}

/** The case as judges and candidates are shown it at a turn: with the persona that is in force, and no word of a change. */
export function caseAt(benchmarkCase: BenchmarkCase, turn: number): BenchmarkCase {
  return { id: benchmarkCase.id, persona: personaAt(benchmarkCase, turn) };
}
