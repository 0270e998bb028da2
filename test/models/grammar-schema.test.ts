import { describe, expect, test } from 'vitest';
import { grammarSchema } from '../../src/models/grammar-schema.ts';

describe('grammarSchema', () => {
  test('spells out a small range of integers at any depth', () => {
    const range = { type: 'integer', minimum: 1, maximum: 3 };
    const spelled = { enum: [1, 2, 3] };
    expect(grammarSchema(range)).toEqual(spelled);
    expect(
      grammarSchema({
        type: 'object',
        properties: {
          score: range,
          maybe: { anyOf: [range, { type: 'null' }] },
          all: {
            type: 'array',
            items: { type: 'object', properties: { score: range } },
            minItems: 1,
            maxItems: 5,
          },
        },
        required: ['score'],
      }),
    ).toEqual({
      type: 'object',
      properties: {
        score: spelled,
        maybe: { anyOf: [spelled, { type: 'null' }] },
        all: {
          type: 'array',
          items: { type: 'object', properties: { score: spelled } },
          minItems: 1,
          maxItems: 5,
        },
      },
      required: ['score'],
    });
  });

  test('rounds fractional bounds to integers inside the range', () => {
    expect(grammarSchema({ type: 'integer', minimum: 0.5, maximum: 2.5 })).toEqual({ enum: [1, 2] });
  });

  test.each([
    { type: 'integer', minimum: 0, maximum: 1_000 },
    { type: 'integer', minimum: 1 },
    { type: 'number', minimum: 1, maximum: 5 },
    { type: 'string', enum: ['a'] },
    { type: 'object', properties: { properties: { type: 'string' }, items: { type: 'string' } } },
  ])('leaves alone what it cannot spell out: %o', (schema) => {
    expect(grammarSchema(schema)).toEqual(schema);
  });

  test('does not change its argument', () => {
    const schema = { type: 'object', properties: { score: { type: 'integer', minimum: 1, maximum: 3 } } };
    const before = structuredClone(schema);
    grammarSchema(schema);
    expect(schema).toEqual(before);
  });
});
