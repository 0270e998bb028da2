import * as z from 'zod';
import { type Persona, personaSchema } from '../personas/persona.ts';

/** Who the user of a case is, and what they want: all that makes two users of one id the same. */
export interface CaseUser {
  readonly persona: Persona;
  /** A change of the user in the middle of the conversation. Default: none. */
  readonly drift?: PersonaDrift | undefined;
  /** What the user wants done, as a sentence without its subject: "wants a toast written". Default: nothing. */
  readonly task?: string | undefined;
}

/** One case of the benchmark: a persona that appears in no training conversation. */
export interface BenchmarkCase extends CaseUser {
  readonly id: string;
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

/** The fields of a {@link CaseUser} in a file. */
export const caseUserShape: {
  readonly persona: z.ZodType<Persona>;
  readonly drift: z.ZodType<PersonaDrift | undefined>;
  readonly task: z.ZodType<string | undefined>;
} = {
  persona: personaSchema,
  drift: personaDriftSchema.optional(),
  task: z.string().min(1).optional(),
};

/** The user alone, without what else a record has. What is not set is left out. */
export function userOf({ persona, drift, task }: CaseUser): CaseUser {
  return { persona, ...(drift !== undefined && { drift }), ...(task !== undefined && { task }) };
}

/** Who the user of a case is at a turn. */
export function personaAt({ persona, drift }: Pick<CaseUser, 'persona' | 'drift'>, turn: number): Persona {
  return drift !== undefined && turn >= drift.turn ? drift.persona : persona;
}

/** The case as judges and candidates see it at a turn: with the current persona and no sign of a change. */
export function caseAt(benchmarkCase: BenchmarkCase, turn: number): BenchmarkCase {
  const { id, task } = benchmarkCase;
  return { id, persona: personaAt(benchmarkCase, turn), ...(task !== undefined && { task }) };
}

/** Another case whose persona takes the user's place: the same task, another person, as before any drift. */
export function caseInPlaceOf(other: BenchmarkCase, { task }: BenchmarkCase): BenchmarkCase {
  return caseAt({ ...other, task }, 1);
}
