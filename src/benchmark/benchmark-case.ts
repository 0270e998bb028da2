import * as z from 'zod';
import { type Persona, personaSchema } from '../personas/persona.ts';

/** One case of the benchmark: a persona that appears in no training conversation. */
export interface BenchmarkCase {
  readonly id: string;
  readonly persona: Persona;
  /** What the user wants done, as a sentence in the third person without subject: "wants a dinner for six planned". Default: nothing. */
  readonly task?: string | undefined;
  /** A change of the user in the middle of the conversation. Default: none. */
  readonly drift?: PersonaDrift | undefined;
}

/** A user whose preferences change at a turn: from then on the user is this persona. */
export interface PersonaDrift {
  /** The first turn after the change, from 2. */
  readonly turn: number;
  readonly persona: Persona;
}

/** Checks a {@link PersonaDrift} in a file. */
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

/** The case as judges and candidates see it at a turn: with the current persona and no sign of a change. */
export function caseAt(benchmarkCase: BenchmarkCase, turn: number): BenchmarkCase {
  const { id, task } = benchmarkCase;
  return { id, persona: personaAt(benchmarkCase, turn), ...(task !== undefined && { task }) };
}
