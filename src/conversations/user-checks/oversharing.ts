import { statementsOf } from '../../personas/persona.ts';
import { contentWords, findToldStatements } from '../../personas/rules/told-statements.ts';
import { findLandmarks } from './landmarks.ts';
import type { UserCheck } from './user-check.ts';

/** Finds messages that reveal too many statements of the persona at once, by shared words; across languages by landmarks. */
export const oversharingCheck: UserCheck = {
  problem: 'oversharing',
  tolerable: true,
  find({ text, isEnglish }, { persona, maxStatements }) {
    const statements = statementsOf(persona);
    const byWords = findToldStatements([contentWords(text)], statements).length;
    const told = isEnglish
      ? byWords
      : Math.max(byWords, findLandmarks(text, statements).filter(isTold).length);
    return told > maxStatements ? `it told ${told} things about the person at once; tell one` : null;
  },
};

function isTold({ names, others }: { readonly names: number; readonly others: number }): boolean {
  return names > 0 || others > 1;
}
