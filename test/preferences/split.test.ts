import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitOf } from '../../src/preferences/split.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const seed = fc.nat();

describe('splitOf', () => {
  test('sends all to train at a share of 0 and all to validation at 1', () => {
    fc.assert(
      fc.property(fc.string(), seed, (profile, anySeed) => {
        expect(splitOf(profile, 0, anySeed)).toBe('train');
        expect(splitOf(profile, 1, anySeed)).toBe('validation');
      }),
    );
  });

  test('a larger share never takes a profile out of validation', () => {
    fc.assert(
      fc.property(fc.string(), seed, share, share, (profile, anySeed, a, b) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        if (splitOf(profile, less, anySeed) === 'validation') {
          expect(splitOf(profile, more, anySeed)).toBe('validation');
        }
      }),
    );
  });

  test('keeps to the share over many profiles, and another seed draws others', () => {
    const profiles = Array.from({ length: 5_000 }, (_, index) => `profile-${index}`);
    const held = (anySeed: number) =>
      profiles.filter((profile) => splitOf(profile, 0.1, anySeed) === 'validation');
    expect(held(0).length / profiles.length).toBeGreaterThan(0.085);
    expect(held(0).length / profiles.length).toBeLessThan(0.115);
    expect(held(1)).not.toEqual(held(0));
  });
});
