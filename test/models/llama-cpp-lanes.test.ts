import { expect, test } from 'vitest';
import { type Lane, pickSlot } from '../../src/models/llama-cpp-lanes.ts';

/** Lanes of one slot each, with what was read in them. */
function lanesOf(
  ...slots: { prompt?: string; tokens: number[]; busy?: boolean; lastUsed: number }[]
): Lane[] {
  return slots.map(({ prompt, tokens, busy = false, lastUsed }) => {
    const sequence = {
      nextTokenIndex: tokens.length,
      compareContextTokens: (other: readonly number[]) => {
        const different = tokens.findIndex((token, index) => token !== other[index]);
        return { firstDifferentIndex: different === -1 ? tokens.length : different };
      },
    };
    const slot = { chat: { sequence }, lastUsed, prompt };
    return { context: {}, slots: [slot], busy } as unknown as Lane;
  });
}
const picked = (lanes: Lane[], prompt: number[], key?: string) =>
  lanes.indexOf(pickSlot(lanes, prompt as never, key).lane);

const RULES = [1, 2, 3, 4];

test('a conversation and role has its sequence again if that is free', () => {
  const slots = [
    { prompt: 'ann', tokens: [...RULES, 5, 6], lastUsed: 1 },
    { prompt: 'bo', tokens: [...RULES, 7, 8], lastUsed: 2 },
  ] as const;
  const free = lanesOf(...slots.map((slot) => ({ ...slot, tokens: [...slot.tokens] })));
  expect(picked(free, [...RULES, 7, 8, 9], 'bo')).toBe(1);
  free[1]!.busy = true;
  expect(picked(free, [...RULES, 7, 8, 9], 'bo')).toBe(0);
});

test('a new conversation does not take the sequence of another for the rules that both begin with', () => {
  const lanes = lanesOf(
    { prompt: 'ann', tokens: [...RULES, 5], lastUsed: 2 },
    { prompt: 'bo', tokens: [9, 9, 9, 9, 9, 9], lastUsed: 1 },
  );
  expect(picked(lanes, [...RULES, 7], 'cy')).toBe(1);
});

test('a call without a place takes the sequence that has the most of its prompt', () => {
  const lanes = lanesOf({ tokens: [9], lastUsed: 1 }, { tokens: [...RULES, 5], lastUsed: 2 });
  expect(picked(lanes, [...RULES, 7])).toBe(1);
});
