import { expect, test } from 'vitest';
import { PAGE_SCRIPT, PAGE_STYLE } from '../../src/report/page-assets.ts';

test('what every report carries beside its data stays small', () => {
  expect(Buffer.byteLength(PAGE_SCRIPT)).toBeLessThan(33_000);
  expect(Buffer.byteLength(PAGE_STYLE)).toBeLessThan(12_000);
});
