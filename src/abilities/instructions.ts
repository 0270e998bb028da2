import { sample, seededRandom } from '../internal/random.ts';
import type { InstructionRule } from './instruction-rule.ts';
import file from './instructions.json' with { type: 'json' };

/** A request whose instructions code can check. */
export interface Instruction {
  /** Unique in the set: `bullets-2`. */
  readonly id: string;
  /** What the user says. */
  readonly prompt: string;
  /** All of them must hold. */
  readonly rules: readonly InstructionRule[];
}

/** Version of {@link instructions}: results of different versions cannot be compared. */
export const INSTRUCTIONS_VERSION: number = file.version;

// To TypeScript the kinds in the file are plain strings. A test checks the file.
/** The shipped requests, in English, of the sort that IFEval has. Written for this library. */
export const instructions: readonly Instruction[] = file.items as readonly Instruction[];

/** Draws different requests by the seed; all of them without a count. Their order is that of the set. */
export function drawInstructions(count: number | undefined, seed: number): readonly Instruction[] {
  if (count === undefined || count >= instructions.length) return instructions;
  const drawn = new Set(sample(instructions, count, seededRandom(seed)));
  return instructions.filter((instruction) => drawn.has(instruction));
}
