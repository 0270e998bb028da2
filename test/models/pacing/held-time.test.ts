import { expect, test } from 'vitest';
import { heldTime } from '../../../src/models/pacing/held-time.ts';

test('held time adds up over several times, and goes on while calls are held', () => {
  const held = heldTime();
  expect([held.isHeld, held.ms(5)]).toEqual([false, 0]);
  held.set(false, 10);
  expect(held.ms(20)).toBe(0);
  held.set(true, 100);
  held.set(true, 150);
  expect([held.isHeld, held.ms(180)]).toEqual([true, 80]);
  held.set(false, 200);
  held.set(false, 250);
  expect([held.isHeld, held.ms(300)]).toEqual([false, 100]);
  held.set(true, 1_000);
  expect(held.ms(1_001)).toBe(101);
});
