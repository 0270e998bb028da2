import { expect, it } from 'vitest';
import { findRepetition } from '../../../src/personas/quality/repetition.ts';

it.each([
  ['Likes walking old dogs by the river', 'Likes old dogs walking by the river'],
  ['Collects rare blue stamps', 'Collects blue, rare stamps!'],
])('finds %j again in %j', (one, other) => {
  expect(findRepetition([one, 'Sings', other])).toBe(`${one} | ${other}`);
});

it.each([
  'Likes to cook likes to cook likes to cook',
  'Says to be or not to be or not to be or not',
  '喜欢做饭喜欢做饭喜欢做饭',
])('finds the loop in %j', (statement) => {
  expect(findRepetition(['Sings', statement])).toBe(statement);
});

it.each([
  ['Likes tea', 'Likes tea a lot'],
  ['Has two sons', 'Has two daughters'],
  ['Collects rare blue stamps', 'Collects rare blue stamps and coins'],
  ['Collects rare blue stamps', 'Never collects rare blue stamps'],
  ['Laughs ha ha ha ha ha ha', 'Is very, very, very, very quick'],
  ['Walks and walks and then walks and talks', 'Sings'],
  ['哈哈哈哈哈哈', '常常笑'],
  ['Loves tea', 'Tea loves'],
  ['你好你好你好', '唱歌'],
  ['Red fish old boat red fish', 'Sings'],
])('lets %j and %j stand side by side', (...statements) => {
  expect(findRepetition(statements)).toBeNull();
});
