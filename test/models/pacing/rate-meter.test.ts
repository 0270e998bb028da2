import { describe, expect, test } from 'vitest';
import { rateMeter, ratePerMs } from '../../../src/models/pacing/rate-meter.ts';

describe('a rate meter', () => {
  test('lets the first call go, and each next one when the debt is paid off but for 10 ms', () => {
    const meter = rateMeter();
    expect(meter.waitMs(0, 0.01)).toBe(0);
    meter.add(1);
    expect(meter.waitMs(0, 0.01)).toBe(90);
    expect(meter.waitMs(50, 0.01)).toBe(40);
    expect(meter.waitMs(90, 0.01)).toBe(0);
    meter.add(1);
    expect(meter.waitMs(90, 0.01)).toBe(100);
  });

  test('allows a burst of 10 ms of the rate', () => {
    const meter = rateMeter();
    let sent = 0;
    for (; meter.waitMs(0, 0.5) === 0; sent++) meter.add(1);
    expect(sent).toBe(6);
  });

  test('pays an existing debt at the rate that holds now', () => {
    const meter = rateMeter();
    meter.waitMs(0, 0.01);
    meter.add(10);
    expect(meter.waitMs(0, 0.01)).toBe(990);
    expect(meter.waitMs(0, 0.1)).toBe(90);
    expect(meter.waitMs(0, Number.POSITIVE_INFINITY)).toBe(0);
    expect(meter.waitMs(0, 0.01)).toBe(0);
  });

  test('saves nothing up: an idle hour allows no burst, and what is given back no more than nothing', () => {
    const meter = rateMeter();
    meter.waitMs(0, 1);
    meter.waitMs(3_600_000, 1);
    meter.add(-500);
    meter.add(100);
    expect(meter.waitMs(3_600_000, 1)).toBe(90);
    meter.add(-50);
    expect(meter.waitMs(3_600_000, 1)).toBe(40);
  });

  test('pays nothing off if the clock is read out of order', () => {
    const meter = rateMeter();
    meter.waitMs(100, 1);
    meter.add(100);
    expect(meter.waitMs(50, 1)).toBe(90);
  });
});

test('a limit per minute holds with the burst', () => {
  expect(ratePerMs(undefined)).toBe(Number.POSITIVE_INFINITY);
  const rate = ratePerMs(6_000);
  expect(rate * 60_000).toBeLessThan(6_000);
  expect(rate * 60_010).toBeCloseTo(6_000, 6);
});
