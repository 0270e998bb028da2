import { expect, test } from 'vitest';
import { cardFeatures } from '../../src/preferences/columns.ts';

// Loaded with `datasets` 5.0.1: it makes of them List(List(string)), List({c: List(int32), d: {e: List(bool)}}) and int32.
test('columns are said to the Hugging Face hub in its words, however deep', () => {
  const columns = {
    a: [['string']],
    b: [{ c: ['integer'], d: { e: ['boolean'] } }],
    f: 'integer',
  } as const;
  expect(cardFeatures(columns)).toEqual([
    { name: 'a', list: { list: 'string' } },
    {
      name: 'b',
      list: [
        { name: 'c', list: 'int32' },
        { name: 'd', struct: [{ name: 'e', list: 'bool' }] },
      ],
    },
    { name: 'f', dtype: 'int32' },
  ]);
});
