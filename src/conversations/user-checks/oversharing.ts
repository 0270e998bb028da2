import { findToldTraits } from '../../personas/checkable/told-traits.ts';
import { numberTraits } from '../../personas/persona.ts';
import type { UserCheck } from './user-check.ts';

/** More statements of the persona in one message than it may tell, by the words they share. */
export const oversharingCheck: UserCheck = {
  problem: 'oversharing',
  tolerable: true,
  find(text, { persona, mostTold }) {
    const told = findToldTraits(text, numberTraits(persona)).length;
    return told > mostTold ? `it told ${told} things about the person at once; tell one` : null;
  },
};
