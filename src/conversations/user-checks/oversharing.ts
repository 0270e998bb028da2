import { numberStatements } from '../../personas/persona.ts';
import { findToldTraits } from '../../personas/rules/told-statements.ts';
import type { UserCheck } from './user-check.ts';

/** More statements of the persona in one message than it may tell, by the words they share. */
export const oversharingCheck: UserCheck = {
  problem: 'oversharing',
  tolerable: true,
  find(text, { persona, maxStatements }) {
    const told = findToldTraits(text, numberStatements(persona)).length;
    return told > maxStatements ? `it told ${told} things about the person at once; tell one` : null;
  },
};
