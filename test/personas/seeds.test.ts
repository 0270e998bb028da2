import { describe, expect, it } from 'vitest';
import { seedPersonalities } from '../../src/personas/seed-personalities.ts';
import { seedProfiles } from '../../src/personas/seed-profiles.ts';
import { splitSentences, tidyStatement } from '../../src/personas/statements.ts';

describe('the seed entries of the package', () => {
  const profiles = seedProfiles.map(({ id, facts }) => ({ id, statements: facts }));
  const personalities = seedPersonalities.map(({ id, traits }) => ({ id, statements: traits }));

  it('are 20 profiles and 12 personalities with numbered ids', () => {
    const ids = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, i) => `${prefix}-seed-${String(i + 1).padStart(2, '0')}`);
    expect(profiles.map(({ id }) => id)).toEqual(ids('profile', 20));
    expect(personalities.map(({ id }) => id)).toEqual(ids('personality', 12));
  });

  it.each([...profiles, ...personalities])(
    '$id has 8-10 tidy statements of one sentence',
    ({ statements }) => {
      expect(statements.length).toBeGreaterThanOrEqual(8);
      expect(statements.length).toBeLessThanOrEqual(10);
      for (const statement of statements) {
        expect(splitSentences(statement)).toEqual([statement]);
        expect(tidyStatement(statement)).toBe(statement);
        expect(statement).not.toMatch(/^(he|she|they)\b/i);
      }
    },
  );

  it('contain no statement twice', () => {
    const all = [...profiles, ...personalities].flatMap(({ statements }) => statements);
    expect(new Set(all).size).toBe(all.length);
  });

  it('cover all ages and genders', () => {
    const text = profiles.map(({ statements }) => statements.join('. '));
    const ages = text.map((facts) => Number(/\b(\d\d)(?:-year-old|,)/.exec(facts)![1]));
    expect(Math.min(...ages)).toBeLessThan(18);
    expect(Math.max(...ages)).toBeGreaterThanOrEqual(80);
    expect(text.filter((facts) => /\b(woman|girl)\b/.test(facts)).length).toBeGreaterThanOrEqual(5);
    expect(text.filter((facts) => /\b(man|boy)\b/.test(facts)).length).toBeGreaterThanOrEqual(5);
    expect(text.filter((facts) => /\bthey\b/.test(facts)).length).toBeGreaterThanOrEqual(3);
  });
});
