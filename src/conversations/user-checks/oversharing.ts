import { numberStatements } from '../../personas/persona.ts';
import { findToldStatements } from '../../personas/rules/told-statements.ts';
import type { UserCheck } from './user-check.ts';

/** Finds messages that reveal too many statements of the persona at once, by shared words. */
export const oversharingCheck: UserCheck = {
  problem: 'oversharing',
  tolerable: true,
  find(text, { persona, maxStatements }) {
    const told = findToldStatements(text, numberStatements(persona)).length;
    return told > maxStatements ? `it told ${told} things about the person at once; tell one` : null;
  },
};
