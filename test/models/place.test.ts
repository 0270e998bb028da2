import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CallPlace, formatPlace } from '../../src/models/place.ts';

describe('formatPlace', () => {
  test('is one line of five parts; turn and sample default to 0', () => {
    expect(formatPlace({ task: 'evaluation', subject: 'case-1', turn: 3, role: 'judge', sample: 1 })).toBe(
      'evaluation/case-1/3/judge/1',
    );
    expect(formatPlace({ task: 'personas', subject: 'wave-2', role: 'generator' })).toBe(
      'personas/wave-2/0/generator/0',
    );
    expect(formatPlace({ task: 'a', subject: 'b/c 100%', role: 'd' })).toBe('a/b%2Fc 100%25/0/d/0');
  });

  test('is different for different places', () => {
    const name = fc.string({ unit: fc.constantFrom('a', '/', '%', '2', 'F', '0') });
    const place = fc.record<CallPlace>({
      task: name,
      subject: name,
      turn: fc.nat(3),
      role: name,
      sample: fc.nat(3),
    });
    fc.assert(
      fc.property(place, place, (a, b) => {
        expect(formatPlace(a) === formatPlace(b)).toBe(
          JSON.stringify(Object.values(a)) === JSON.stringify(Object.values(b)),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
