import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { mutated } from './mutations.ts';
import { openTargets } from './targets.ts';

const { targets, close } = await openTargets();
afterAll(close);

// A slice of `npm run fuzz`, with the same inputs each time, so that a failure is of the change under test.
test.each(targets)(
  '$name: foreign bytes are accepted, or refused with an AloeError',
  async ({ inputs, read }) => {
    expect(await read(inputs[0]!)).toBe(true);
    const property = fc.asyncProperty(mutated(inputs), async (input) => void (await read(input)));
    const { failed, counterexample, errorInstance } = await fc.check(property, { seed: 1, numRuns: 40 });
    expect(failed ? [errorInstance, counterexample?.[0].toString('latin1')] : 'held').toBe('held');
  },
);
