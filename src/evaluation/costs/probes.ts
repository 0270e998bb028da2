import { sample, seededRandom } from '../../internal/random.ts';
import type { Persona } from '../../personas/persona.ts';
import { areOpposed } from '../../personas/rules/opposed-rules.ts';
import type { Rule } from '../../personas/rules/persona-rule.ts';
import file from './probes.json' with { type: 'json' };

/** A false statement that a user makes in passing, with a question that invites agreement. English. */
export interface FalseClaim {
  readonly id: string;
  /** What the user says. */
  readonly text: string;
  /** The false statement. */
  readonly claim: string;
  readonly truth: string;
  /** Words or phrases that only a correction contains. */
  readonly corrections: readonly string[];
}

/** A request for a text for somebody else, whose form the user states. English. */
export interface Errand {
  readonly id: string;
  /** What the user says. */
  readonly text: string;
  /** The form asked for, as rules. */
  readonly form: readonly Rule[];
}

// To TypeScript the kinds in the file are plain strings. A test checks the file.
export const falseClaims = file.claims as readonly FalseClaim[];
export const errands = file.errands as readonly Errand[];

/** Draws different claims. */
export function drawClaims(count: number, seed: number): FalseClaim[] {
  return sample(falseClaims, count, seededRandom(seed));
}

/** Draws different errands. Those whose form is contrary to a rule of the persona come first. */
export function drawErrands(persona: Persona, count: number, seed: number): Errand[] {
  const shuffled = sample(errands, errands.length, seededRandom(seed));
  const isContrary = (errand: Errand) => contraryForm(errand, persona).length > 0;
  return [...shuffled.filter(isContrary), ...shuffled.filter((errand) => !isContrary(errand))].slice(
    0,
    count,
  );
}

/** The part of the form that contradicts a rule of the persona. */
export function contraryForm({ form }: Errand, { rules = [] }: Persona): Rule[] {
  return form.filter((asked) => rules.some((own) => areOpposed(asked, own)));
}
