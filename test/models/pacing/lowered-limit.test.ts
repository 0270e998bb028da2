import { expect, test } from 'vitest';
import {
  cutTo,
  isFarBelow,
  limitAfterCut,
  limitAfterProbe,
} from '../../../src/models/pacing/lowered-limit.ts';

test.each([
  ['what was accepted', 80, 80],
  ['half of it, if less was accepted', 20, 50],
  ['four fifths of it, if nothing could be measured', undefined, 80],
])('a limit of 100 falls to %s', (_what, accepted, expected) => {
  expect(limitAfterCut(100, accepted)).toBe(expected);
});

test('a cut never takes more than half', () => {
  expect(cutTo(100, 49)).toBe(50);
  expect(cutTo(100, 51)).toBe(51);
});

test('less than four fifths of the limit is far below it', () => {
  expect([79, 80, 81].map((accepted) => isFarBelow(100, accepted))).toEqual([true, false, false]);
});

test.each([
  ['stays if nothing could be measured', undefined, 100],
  ['rises to what was accepted', 103, 103],
  ['rises by 6 % at most, since a window takes more for a moment', 150, 106],
  ['stays where about as much was accepted', 100, 100],
  ['stays where a little less was accepted', 80, 100],
  ['falls half-way to what was accepted if that is far less', 60, 80],
])('after more than a limit of 100 was tried and refused, it %s', (_what, accepted, expected) => {
  expect(limitAfterProbe(100, accepted)).toBe(expected);
});
