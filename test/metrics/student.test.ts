import { expect, it } from 'vitest';
import { studentQuantile, studentTail } from '../../src/metrics/student.ts';

// Expected: scipy.stats.t and scipy.stats.nct 1.17.1.
it.each([
  [0.9995, 1, 636.6192487687897],
  [0.975, 1.5, 6.016663104427929],
  [0.975, 4, 2.7764451051977987],
  [0.95, 5, 2.0150483733],
  [0.025, 9, -2.2621571627],
  [0.9995, 19, 3.883405852592131],
  [0.8, 99, 0.845267],
  [0.9995, 50_000, 3.290721336558825],
])('knows the Student quantile of %d at %d degrees of freedom', (probability, degrees, quantile) => {
  expect(studentQuantile(probability, degrees) / quantile).toBeCloseTo(1, 4);
});

it.each([
  [0.5, 1, 0.5, 0.5401398059234601],
  [2, 1, 0, 0.14758361765043326],
  [-0.5, 4.7, 2.8, 0.9993943450852348],
  [2, 99, 0, 0.02411984668631648],
  [2, 50_000, 0, 0.022752831522148725],
])('knows the chance beyond %d at %d degrees of freedom, shifted by %d', (t, degrees, shift, tail) => {
  expect(studentTail(t, degrees, shift)).toBeCloseTo(tail, 6);
});

it('stays in range where SciPy gives no number: one degree of freedom and a large shift', () => {
  // (Z + 1500) / |Z'| > 636 if |Z'| < 1500 / 636, nearly.
  expect(studentTail(636, 1, 1500)).toBeCloseTo(0.98165, 4);
});
