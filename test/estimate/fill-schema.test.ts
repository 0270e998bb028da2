import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fillSchema } from '../../src/estimate/fill-schema.ts';

let texts = 0;
const filling = { sentence: () => 'A reason.', listItem: () => `Question ${++texts}?`, found: 1 };
const fill = (schema: z.ZodType) => fillSchema(z.toJSONSchema(schema), filling);

describe('a filled schema', () => {
  test.each<[string, z.ZodType]>([
    [
      'texts, numbers and flags',
      z.object({ why: z.string(), score: z.int().min(1).max(5), sure: z.boolean() }),
    ],
    ['a fixed value', z.object({ kind: z.literal('verdict') })],
    ['a choice', z.enum(['none', 'F1'])],
    ['something that may be null', z.object({ note: z.string().nullable() })],
    ['alternatives', z.union([z.object({ yes: z.boolean() }), z.string()])],
    ['a positive number', z.number().positive()],
    ['a negative number', z.int().max(-2)],
    ['any whole number', z.int()],
    ['a short text', z.string().max(4)],
    ['lists in a list', z.array(z.array(z.string()).min(6).max(10)).length(3)],
    ['a list without bounds', z.object({ items: z.array(z.string()) })],
    ['null', z.null()],
  ])('is valid for %s', (_what, schema) => {
    expect(schema.safeParse(fill(schema))).toMatchObject({ success: true });
  });

  test('has lists that are full of different texts', () => {
    const items = fill(z.array(z.string()).min(3).max(8)) as string[];
    expect(new Set(items).size).toBe(8);
  });

  test('has as many of the fixed choices as asked for, within the bounds of the list', () => {
    const ids = z.enum(['F1', 'F2', 'F3', 'F4']);
    expect(fill(z.array(ids).max(3))).toEqual(['F1']);
    expect(fill(z.array(ids).min(2).max(3))).toEqual(['F1', 'F2']);
    expect(fillSchema(z.toJSONSchema(z.array(ids).max(3)), { ...filling, found: 9 })).toEqual([
      'F1',
      'F2',
      'F3',
    ]);
  });
});
