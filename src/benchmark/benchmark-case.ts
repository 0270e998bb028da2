import * as z from 'zod';
import { type Habit, habitSchema, withHabits } from '../conversations/behaviour/habits.ts';
import { type Persona, personaSchema } from '../personas/persona.ts';
import { withWish } from '../personas/rules/with-wish.ts';
import { type CaseSituation, caseSituationsSchema, type Situation } from './situation.ts';

/** Who the user of a case is, and what they want: all that makes two users of one id the same. */
export interface CaseUser {
  readonly persona: Persona;
  /** A change of the user in the middle of the conversation. Default: none. */
  readonly drift?: PersonaDrift | undefined;
  /** What holds for a while, in the order of turns. Default: nothing in particular. */
  readonly situations?: readonly CaseSituation[] | undefined;
  /** What the user wants done, as a sentence without its subject: "wants a toast written". Default: nothing. */
  readonly task?: string | undefined;
  /** How the user behaves, beside the persona. Default: nothing in particular. */
  readonly habits?: readonly Habit[] | undefined;
}

/** One case of the benchmark: a persona that appears in no training conversation. */
export interface BenchmarkCase extends CaseUser {
  readonly id: string;
}

/** A case as it is at one turn: the persona that applies, and no sign of a change. */
export interface CaseAtTurn extends Pick<BenchmarkCase, 'id' | 'persona' | 'task'> {
  /** The situation that `persona` is in, and `persona` without it. Absent if there is none. */
  readonly situation?: (Situation & { readonly lasting: Persona }) | undefined;
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
  readonly [Field in keyof CaseUser]-?: z.ZodType<CaseUser[Field]>;
} = {
  persona: personaSchema,
  drift: personaDriftSchema.optional(),
  situations: caseSituationsSchema.optional(),
  task: z.string().min(1).optional(),
  habits: z.array(habitSchema).optional(),
};

/** The user alone, without what else a record has. What is not set is left out. */
export function userOf({ persona, drift, situations, task, habits }: CaseUser): CaseUser {
  return {
    persona,
    ...(drift !== undefined && { drift }),
    ...(situations !== undefined && { situations }),
    ...(task !== undefined && { task }),
    ...(habits !== undefined && { habits }),
  };
}

/** The situation at a turn; undefined if there is none. */
export function situationAt(
  { situations }: Pick<CaseUser, 'situations'>,
  turn: number,
): Situation | undefined {
  return situations?.findLast((situation) => turn >= situation.turn);
}

/** Who the user of a case is at a turn: after a drift the changed persona, with what habits and the situation make it want. */
export function personaAt(benchmarkCase: CaseUser, turn: number): Persona {
  const situation = situationAt(benchmarkCase, turn);
  const lasting = lastingPersona(benchmarkCase, turn);
  return situation === undefined ? lasting : withWish(lasting, situation);
}

/** The turns at which the user is another than before. The first is always 1. */
export function turnsOfChange({ drift, situations = [] }: Pick<CaseUser, 'drift' | 'situations'>): number[] {
  const turns = [1, ...(drift === undefined ? [] : [drift.turn]), ...situations.map(({ turn }) => turn)];
  return [...new Set(turns)].sort((a, b) => a - b);
}

/** The case as judges and candidates see it at a turn: with the current persona and no sign of a change. */
export function caseAt(benchmarkCase: BenchmarkCase, turn: number): CaseAtTurn {
  const { id, task } = benchmarkCase;
  const situation = situationAt(benchmarkCase, turn);
  return {
    id,
    persona: personaAt(benchmarkCase, turn),
    ...(task !== undefined && { task }),
    ...(situation !== undefined && {
      situation: { ...situation, lasting: lastingPersona(benchmarkCase, turn) },
    }),
  };
}

/**
 * Another case whose persona takes the user's place at a turn: another person, as before any drift and with its own habits,
 * with the same task and in the same situation.
 */
export function caseInPlaceOf(
  { id, persona, habits }: BenchmarkCase,
  { task, situations }: BenchmarkCase,
  turn: number,
): CaseAtTurn {
  return caseAt({ id, persona, habits, task, situations }, turn);
}

/** The persona at a turn, apart from the situation. */
export function lastingPersona({ persona, drift, habits }: CaseUser, turn: number): Persona {
  return withHabits(drift !== undefined && turn >= drift.turn ? drift.persona : persona, habits);
}
