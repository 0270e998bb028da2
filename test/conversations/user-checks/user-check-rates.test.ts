import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AskedMessage,
  countUserChecks,
  failedMessage,
  sumUserChecks,
  userCheckRatesSchema,
} from '../../../src/conversations/user-checks/user-check-rates.ts';

test('counts messages, not drafts, by outcome', () => {
  expect(
    countUserChecks([
      {},
      { checks: { found: ['repetition', 'repetition'] } },
      { checks: { found: ['contradiction', 'oversharing', 'contradiction'], kept: 'contradiction' } },
      failedMessage({ problems: ['repetition', 'empty', 'something of another version'] }),
      { checks: { found: [], unchecked: true } },
    ]),
  ).toEqual({
    messages: 5,
    unchecked: 1,
    problems: [
      { problem: 'repetition', found: 2, repaired: 1, kept: 0, failed: 1 },
      { problem: 'contradiction', found: 1, repaired: 0, kept: 1, failed: 0 },
      { problem: 'empty', found: 1, repaired: 0, kept: 0, failed: 1 },
      { problem: 'oversharing', found: 1, repaired: 1, kept: 0, failed: 0 },
    ],
  });
});

test('found is the sum of the other three counts, and partial counts add up to the whole', () => {
  const problem = fc.constantFrom('empty', 'repetition', 'contradiction', 'oversharing');
  const asked: fc.Arbitrary<AskedMessage> = fc
    .record({
      found: fc.array(problem, { maxLength: 3 }),
      keeps: fc.boolean(),
      unchecked: fc.boolean(),
      failed: fc.boolean(),
    })
    .map(({ found, keeps, unchecked, failed }) => ({
      checks: { found, unchecked, ...(keeps && { kept: found[0] }) },
      failed,
    }));
  fc.assert(
    fc.property(fc.array(asked), fc.array(asked), (some, others) => {
      const all = countUserChecks([...some, ...others]);
      expect(userCheckRatesSchema.parse(all)).toEqual(all);
      expect(sumUserChecks([countUserChecks(some), countUserChecks(others)])).toEqual(all);
      for (const { found, repaired, kept, failed } of all.problems) {
        expect(found).toBe(repaired + kept + failed);
        expect(found).toBeLessThanOrEqual(all.messages);
      }
    }),
  );
});
