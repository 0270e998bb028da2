import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toUnitVector } from '../../src/embeddings/unit-vector.ts';
import { ModelCallError } from '../../src/errors.ts';

describe('toUnitVector', () => {
  it('scales to length 1 and keeps the direction', () => {
    const component = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const vectors = fc
      .array(component, { minLength: 1, maxLength: 64 })
      .filter((v) => Math.hypot(...v) > 1e-6);
    fc.assert(
      fc.property(vectors, (values) => {
        const unit = toUnitVector('test', values, values.length);
        const length = Math.hypot(...values);
        expect(Math.hypot(...unit)).toBeCloseTo(1, 5);
        for (const [i, value] of values.entries())
          expect(unit[i]! * length).toBeCloseTo(value, -Math.log10(length) + 5);
      }),
    );
  });

  it.each([
    ['another length', [1, 2], /2 dimensions, not the 3 expected.*pass \{ dimensions: 2 \}/],
    ['NaN', [1, Number.NaN, 0], /dimension 1 .* is NaN/],
    ['infinity', [1, 0, Number.POSITIVE_INFINITY], /dimension 2 .* is Infinity/],
    ['something that is no number', [1, null as never, 0], /dimension 1 .* is null/],
    ['only zeros', [0, 0, 0], /no direction/],
    ['numbers whose length overflows', [1e200, 1e200, 0], /no direction/],
  ])('refuses %s', (_what, values, message) => {
    expect(() => toUnitVector('test', values, 3)).toThrow(message);
    expect(() => toUnitVector('test', values, 3)).toThrow(ModelCallError);
  });

  it('does not change its input', () => {
    const given = Float32Array.of(3, 4);
    toUnitVector('test', given, 2);
    expect([...given]).toEqual([3, 4]);
  });
});
