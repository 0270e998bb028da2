import { describe, expect, test } from 'vitest';
import { inFlightLimit } from '../../../src/models/pacing/in-flight-limit.ts';

describe('the calls in flight', () => {
  test('start at 20 and double every 100 ms up to the concurrency', () => {
    const limit = inFlightLimit(100);
    expect(limit).toMatchObject({ calls: 20, isStarting: true });
    for (let step = 0; step < 10; step++) limit.advance(10.01);
    expect(limit.calls).toBe(40);
    for (let step = 0; step < 20; step++) limit.advance(10);
    expect(limit).toMatchObject({ calls: 100, isStarting: false });
    expect(inFlightLimit(5).calls).toBe(5);
  });

  test('are not raised at once by a stall', () => {
    const limit = inFlightLimit(1_000);
    limit.advance(60_000);
    expect(limit.calls).toBe(Math.floor(20 * 2 ** 0.2));
  });

  test('stay at what the server holds once it refuses, then grow by one per round trip', () => {
    const limit = inFlightLimit(1_000);
    limit.hold(10);
    limit.advance(100);
    expect(limit).toMatchObject({ calls: 10, isStarting: false });
    for (let answer = 0; answer < 11; answer++) limit.grow(0);
    expect(limit.calls).toBe(11);
    limit.hold(500);
    expect(limit.calls).toBe(11);
    limit.hold(0);
    expect(limit.calls).toBe(1);
  });

  test('grow by two per cent per round trip if that is more than one call', () => {
    const limit = inFlightLimit(1_000);
    for (let step = 0; step < 200; step++) limit.advance(10);
    limit.hold(200);
    for (let answer = 0; answer < 200; answer++) limit.grow(0);
    expect(limit.calls).toBe(204);
  });

  test('are cut by a tenth and stay there for ten seconds', () => {
    const limit = inFlightLimit(100);
    for (let step = 0; step < 100; step++) limit.advance(10);
    limit.cut(50, 1_000);
    expect(limit.calls).toBe(45);
    for (let answer = 0; answer < 1_000; answer++) limit.grow(10_999);
    limit.advance(1_000);
    expect(limit.calls).toBe(45);
    for (let answer = 0; answer < 1_000; answer++) limit.grow(11_000);
    expect(limit.calls).toBeGreaterThan(55);
    for (let answer = 0; answer < 10_000; answer++) limit.grow(12_000);
    expect(limit.calls).toBe(100);
    limit.cut(0, 13_000);
    expect(limit.calls).toBe(1);
    limit.cut(500, 13_000);
    expect(limit.calls).toBe(1);
  });

  test('start again from four after an outage', () => {
    const limit = inFlightLimit(100);
    for (let step = 0; step < 100; step++) limit.advance(10);
    limit.restart();
    expect(limit).toMatchObject({ calls: 4, isStarting: true });
    for (let step = 0; step < 10; step++) limit.advance(10.01);
    expect(limit.calls).toBe(8);
    const small = inFlightLimit(2);
    small.restart();
    expect(small.calls).toBe(2);
  });

  test('follow a concurrency that is changed', () => {
    const limit = inFlightLimit(10);
    limit.setMax(40);
    expect(limit).toMatchObject({ calls: 10, isStarting: true });
    for (let step = 0; step < 100; step++) limit.advance(10);
    expect(limit.calls).toBe(40);
    limit.setMax(3);
    expect(limit).toMatchObject({ calls: 3, isStarting: false });
    // Answers have filled it: new room is tried like that at the start.
    const full = inFlightLimit(10);
    full.hold(9);
    for (let answer = 0; answer < 20; answer++) full.grow(0);
    expect(full).toMatchObject({ calls: 10, isStarting: false });
    full.setMax(40);
    expect(full).toMatchObject({ calls: 10, isStarting: true });
    for (let step = 0; step < 10; step++) full.advance(10.01);
    expect(full.calls).toBe(20);
    // A limit that was learned does not go away because the user allows more.
    const learned = inFlightLimit(100);
    learned.hold(10);
    learned.setMax(200);
    expect(learned).toMatchObject({ calls: 10, isStarting: false });
  });
});
