import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { caseFileSchema } from '../../src/benchmark/case-file.ts';
import file from '../../src/benchmark/cases.json' with { type: 'json' };

const [first, ...others] = file.cases;
const withFirst = (changes: object) => ({ ...file, cases: [{ ...first, ...changes }, ...others] });

describe('the file of the benchmark cases', () => {
  it('matches its schema', () => {
    expect(caseFileSchema.safeParse(file).error).toBeUndefined();
  });

  // To write it again after a change: `npx vitest run test/benchmark/case-file.test.ts --update`.
  it('names a JSON Schema for editors that is up to date', async () => {
    const schema = JSON.stringify(z.toJSONSchema(caseFileSchema), null, 2);
    await expect(`${schema}\n`).toMatchFileSnapshot(`../../src/benchmark/${file.$schema}`);
  });

  it.each<[string, object]>([
    ['a statement that ends in a full stop', { facts: [...first!.facts.slice(1), 'Collects ferns.'] }],
    ['a statement that is too long', { traits: [...first!.traits.slice(1), 'long '.repeat(25).trim()] }],
    ['too few statements', { facts: first!.facts.slice(0, 7) }],
    [
      'too many statements',
      { traits: Array.from({ length: 11 }, (_, index) => `Likes the number ${index}`) },
    ],
    ['an unknown region', { tags: { ...first!.tags, region: 'atlantis' } }],
    ['a misspelt key', { fact: first!.facts }],
    ['a malformed id', { id: 'aloe-1' }],
  ])('cannot hold %s', (_, changes) => {
    expect(caseFileSchema.safeParse(withFirst({})).success).toBe(true);
    const { error } = caseFileSchema.safeParse(withFirst(changes));
    expect(error?.issues).toHaveLength(1);
    expect(error?.issues[0]?.path.slice(0, 2)).toEqual(['cases', 0]);
  });
});
