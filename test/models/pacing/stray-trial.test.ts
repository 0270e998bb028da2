import { describe, expect, test } from 'vitest';
import { strayTrial } from '../../../src/models/pacing/stray-trial.ts';

const SECOND = { ms: 1_000 };

describe('a trial', () => {
  test('finds strays if fewer calls are accepted twice, in proportion to the rate', () => {
    const trial = strayTrial();
    expect(trial.take({ ...SECOND, limit: 0.2, calls: 200, refused: 20 })).toEqual({
      limit: 0.75 * 0.2,
      areStrays: false,
      isLimited: false,
    });
    expect(trial.take({ ...SECOND, limit: 0.15, calls: 150, refused: 15 })).toEqual({
      limit: 0.75 * 0.15,
      areStrays: false,
      isLimited: false,
    });
    // The limit from before the trial is back.
    expect(trial.take({ ...SECOND, limit: 0.1125, calls: 112, refused: 11 })).toEqual({
      limit: 0.2,
      areStrays: true,
      isLimited: false,
    });
  });

  test('finds a limit if as many calls are accepted at the lower rate, and cuts to these, at most to half', () => {
    const trial = strayTrial();
    trial.take({ ...SECOND, limit: 0.2, calls: 200, refused: 80 });
    const verdict = trial.take({ ...SECOND, limit: 0.15, calls: 150, refused: 30 });
    expect(verdict).toEqual({ limit: 0.12, areStrays: false, isLimited: true });
    const deep = strayTrial();
    deep.take({ ...SECOND, limit: 0.2, calls: 200, refused: 180 });
    expect(deep.take({ ...SECOND, limit: 0.15, calls: 150, refused: 130 }).limit).toBeCloseTo(0.075, 9);
  });

  test('never raises the limit that it is given', () => {
    const trial = strayTrial();
    trial.take({ ...SECOND, limit: 0.2, calls: 200, refused: 80 });
    expect(trial.take({ ...SECOND, limit: 0.1, calls: 150, refused: 30 }).limit).toBe(0.1);
  });

  test('takes no more than a quarter of the calls for strays', () => {
    for (const [share, areStrays] of [
      [0.25, true],
      [0.3, false],
    ] as const) {
      const trial = strayTrial();
      for (const calls of [400, 300]) trial.take({ ...SECOND, limit: 0.4, calls, refused: share * calls });
      expect(trial.take({ ...SECOND, limit: 0.4, calls: 220, refused: share * 220 }).areStrays).toBe(
        areStrays,
      );
    }
  });

  test('says nothing of strays if the rate was hardly lower', () => {
    const trial = strayTrial();
    trial.take({ ...SECOND, limit: 0.2, calls: 200, refused: 20 });
    trial.take({ ...SECOND, limit: 0.2, calls: 190, refused: 38 });
    expect(trial.take({ ...SECOND, limit: 0.2, calls: 180, refused: 45 }).areStrays).toBe(false);
  });

  test('starts again', () => {
    const trial = strayTrial();
    for (const calls of [400, 300]) trial.take({ ...SECOND, limit: 0.4, calls, refused: 0.1 * calls });
    trial.restart();
    expect(trial.take({ ...SECOND, limit: 0.4, calls: 220, refused: 22 })).toMatchObject({
      areStrays: false,
    });
    expect(trial.take({ ...SECOND, limit: 0.3, calls: 160, refused: 16 })).toMatchObject({
      areStrays: false,
    });
  });

  test('compares rates, not numbers of calls', () => {
    const trial = strayTrial();
    trial.take({ limit: 0.2, ms: 1_000, calls: 200, refused: 80 });
    // Twice as long at the lower rate, and as many accepted per second.
    expect(trial.take({ limit: 0.15, ms: 2_000, calls: 300, refused: 60 }).isLimited).toBe(true);
  });
});
