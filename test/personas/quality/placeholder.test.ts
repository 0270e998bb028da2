import { expect, it } from 'vitest';
import { findPlaceholder } from '../../../src/personas/quality/placeholder.ts';

it.each([
  'Is called {{name}}',
  'Lives in {city}',
  'Lives in { city }',
  'Lives in {city2}',
  'Lives in [city 2]',
  'Is <name2>',
  'Earns XXXX a year',
  'Has a dog | fact two',
  'Lives in [city]',
  'Lives in [City/Country]',
  'Works at <company name>',
  'Works as ____',
  'TODO: a hobby',
  'Likes TBD',
  'FIXME',
  'Earns XXX a year',
  'Lorem ipsum',
  'Says dolor sit amet',
  'fact',
  'Fact two',
  '"trait #3".',
  'Statement 4:',
  'fact | fact two',
  'Merkmal drei',
  'hecho dos',
  'fait trois',
  '事实一',
])('finds the blank in %j', (statement) => {
  expect(findPlaceholder(['Has a dog', statement, 'Sings'])).toBe(statement);
});

it.each([
  'Writes "[1]" after each claim',
  'Uses :-[ and } when annoyed',
  'Todo lo guarda',
  'Answers with <3',
  'Types with three dots ... or two __',
  'Trait that stands out: patience',
  'Checks every fact twice',
  'Knows that fact 1 is wrong',
  'Ends notes with xxx',
  'Thinks 3 < 5 and 7 > 6',
  'Sings | hums',
])('takes %j for what it is', (statement) => {
  expect(findPlaceholder([statement])).toBeNull();
});
