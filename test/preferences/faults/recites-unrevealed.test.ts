import { describe, expect, test } from 'vitest';
import { assistant, user } from '../../../src/messages.ts';
import { findRecited } from '../../../src/preferences/faults/recites-unrevealed.ts';
import { dry, nurse, playedTree } from '../trees.ts';

const { persona } = playedTree('c', nurse, dry, []);
const recite = 'You are a night nurse on a children’s ward in Porto, so rest well.';

describe('findRecited', () => {
  test('finds a fact that the response states and nobody has revealed', () => {
    expect(findRecited(recite, [user('Long day.')], { persona, revealed: ['F2'] })?.id).toBe('F1');
  });

  test('a trait may be named: its words are in any talk', () => {
    const own = {
      ...persona,
      personality: { id: 'p', traits: ['Collects grudges against cheerful strangers'] },
    };
    const told = 'You do collect grudges against cheerful strangers, after all.';
    expect(findRecited(told, [user('Hm.')], { persona: own, revealed: [] })).toBeNull();
  });

  test('what was revealed in other words may be taken up, but not recited', () => {
    const told = user('Twelve hours with sick kids, and now the sun is up over the Douro.');
    const find = (response: string, revealed: readonly string[]) =>
      findRecited(response, [told], { persona, revealed })?.id;
    const takenUp = 'Every night on that ward, children ask for water.';
    expect(find(takenUp, ['F1'])).toBeUndefined();
    expect(find('Every night on that ward in Porto, children ask for water.', ['F1'])).toBeUndefined();
    const cook = {
      ...persona,
      profile: { id: 'cook', facts: ['Is a 58-year-old woman from Pune who runs a lunchbox kitchen'] },
    };
    const whole = 'I am a 58-year-old woman from Pune, India who runs a lunchbox kitchen.';
    const without = user('I cook without onions.');
    expect(findRecited(whole, [without], { persona: cook, revealed: ['F1'] })?.id).toBe('F1');
    const engineer = {
      ...persona,
      profile: { id: 'e', facts: ['Works as a software engineer for a bank in London.'] },
    };
    const taken = 'For a software engineer at a London bank, on-call can be tiring.';
    const lender = user('I write code all day for a big lender near the Thames.');
    expect(findRecited(taken, [lender], { persona: engineer, revealed: ['F1'] })).toBeNull();
    expect(findRecited(taken, [lender], { persona: engineer, revealed: [] })?.id).toBe('F1');
  });

  test('what either side has mentioned may be said', () => {
    const said = user('The night nurse of a ward in Porto, that is me.');
    expect(findRecited(recite, [said], { persona, revealed: [] })).toBeNull();
    const guess = assistant('Are you a nurse in Porto, at night, on a ward with children?');
    expect(findRecited(recite, [user('Guess.'), guess, user('Yes!')], { persona, revealed: [] })).toBeNull();
  });

  test('three words in five are chance', () => {
    const own = { ...persona, profile: { id: 'p', facts: ['Memorised forty poems by Hafez as a girl'] } };
    const find = (response: string) => findRecited(response, [user('Hm.')], { persona: own, revealed: [] });
    expect(find('The girl next door has forty poems on her wall.')).toBeNull();
    expect(find('The girl next door has forty poems by Hafez on her wall.')?.id).toBe('F1');
  });

  test('three words, and two thirds of them, are enough', () => {
    const find = (fact: string, response: string) => {
      const own = { ...persona, profile: { id: 'p', facts: [fact] } };
      return findRecited(response, [user('Hm.')], { persona: own, revealed: [] });
    };
    expect(find('Repairs violins daily', 'You repair violins daily.')).not.toBeNull();
    const six = 'Repairs violins, clocks, radios, bicycles, umbrellas';
    expect(find(six, 'You repair violins, clocks and radios.')).not.toBeNull();
    expect(find(six, 'You repair violins and clocks.')).toBeNull();
  });

  test('two words in common are chance', () => {
    const chance = 'Children grow so fast. Is it cold at night on the balcony?';
    expect(findRecited(chance, [user('Long day.')], { persona, revealed: [] })).toBeNull();
  });
});
