import { describe, expect, it } from 'vitest';
import { aloeCases } from '../../../src/benchmark/aloe-cases.ts';
import { showsSlip } from '../../../src/conversations/behaviour/slips.ts';
import { seedProfiles } from '../../../src/personas/seed-profiles.ts';

describe('showsSlip', () => {
  it.each([
    'i dont think so',
    'im so tired',
    'Whats the plan, then?',
    'We met at teh market',
    'I wnated to ask something',
    'that is relly nice',
    'we are comming tommorow, promise',
    'BECUASE it rained',
    'I was thinkng of soup',
  ])('finds one in: %s', (message) => {
    expect(showsSlip(message)).toBe(true);
  });

  it.each([
    '',
    "I don’t think so, and it doesn't matter.",
    'Its roof leaks, and I will wed in were-wolf weather; he threw three tough things though.',
    'lol ok, gonna try 2moro, thx!!',
    'Her name is Greta, she took a dive and cut the brig loose.',
    'Ich weiß es nicht. Je ne sais pas. No lo sé.',
    'Der Zug steht im Tunnel, und das Ding ging nicht.',
    "Le livre dont je parle est sur l'étagère.",
    'No es posible ir con el coche.',
    'Worth noting: rain.',
    '我不知道。',
  ])('finds none in: %s', (message) => {
    expect(showsSlip(message)).toBe(false);
  });

  it('finds none in any statement of a shipped persona', () => {
    const cases = aloeCases().flatMap(({ persona: { profile, personality } }) => [
      ...profile.facts,
      ...personality.traits,
    ]);
    const seeds = seedProfiles.flatMap(({ facts }) => facts);
    expect([...cases, ...seeds].filter(showsSlip)).toEqual([]);
  });
});
