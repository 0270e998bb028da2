import { expect, it } from 'vitest';
import { findContradiction } from '../../../src/personas/quality/contradiction.ts';

it.each([
  ['Is 34 and lives in Leeds', 'Is a 61-year-old widow'],
  ['She is 34.', 'Age: 43'],
  ['Is 34, a nurse', 'Marit Solheim, 54, forecasts avalanches'],
  ['Is 34 years old', 'They are 30'],
  ['Ist 34 Jahre alt', 'Sie ist 40 und lebt in Ulm'],
  ['Alter: 34', 'Ist 29, Bäcker'],
  ['Tiene 34 años y vive en Vigo', 'Edad: 20'],
  ['A 34 ans et vit à Lille', 'Elle a 40 ans'],
  ['今年34岁', '年龄：43'],
  ['她34岁', '今年40岁，住在成都'],
  ['Is called Ana', 'Is named Marta'],
  ['Name: Ana', 'His name is Paul'],
  ['Ana Ruiz, 34, sings', 'Marta Ruiz, 34, bakes'],
  ['Heißt Anna', 'Sie heißt Marta'],
  ['Se llama Ana', 'Se llama Marta'],
  ["S'appelle Anne", 'Elle s’appelle Marthe'],
  ['Likes short answers', 'Likes long answers'],
  ['Is always on time', 'Is never on time'],
  ['Is introverted', 'Is extroverted'],
  ['Hates cats', 'Loves cats'],
  ['Mag kurze Antworten', 'Mag lange Antworten'],
  ['Siempre llega tarde', 'Nunca llega tarde'],
  ['Aime les chats', 'Déteste les chats'],
  ['喜欢猫', '讨厌猫'],
  ['性格内向', '性格外向'],
])('finds that %j and %j cannot both be true', (one, other) => {
  const found = findContradiction([one, 'Sings in a choir', other]);
  expect([`${one} | ${other}`, `${other} | ${one}`]).toContain(found);
});

it.each([
  ['Is 34 and lives in Leeds', 'Is a 35-year-old nurse'],
  ['Is 34', 'Has a 4-year-old son'],
  ['Is 34', 'Is 60 kilos overweight'],
  ['Is 34', 'Turned 18 in prison'],
  ['Tiene 34 años', 'Tiene 3 años de experiencia'],
  ['A 34 ans', 'A 20 ans de métier'],
  ['今年34岁', '有一个4岁的儿子'],
  ['Is called Ana', 'Is called Bunny by friends'],
  ['Is called Ana', 'Name: Ana'],
  ['Ana Ruiz, 34, sings', 'Has a dog named Rex'],
  ['Likes short answers', 'Likes long walks'],
  ['Likes cats', 'Hates dogs'],
  ['Is introverted', 'Is extroverted after two drinks'],
  ['Loves cats', 'Loves cats'],
])('lets %j and %j stand side by side', (one, other) => {
  expect(findContradiction([one, other])).toBeNull();
});

it.each([
  ['short', 'long'],
  ['likes', 'dislikes'],
  ['likes', 'hates'],
  ['loves', 'hates'],
  ['always', 'never'],
  ['often', 'never'],
  ['introverted', 'extroverted'],
  ['introvert', 'extrovert'],
  ['formal', 'informal'],
  ['formal', 'casual'],
  ['patient', 'impatient'],
  ['optimistic', 'pessimistic'],
  ['married', 'single'],
  ['kurze', 'lange'],
  ['mag', 'hasst'],
  ['liebt', 'hasst'],
  ['immer', 'nie'],
  ['introvertiert', 'extrovertiert'],
  ['cortas', 'largas'],
  ['siempre', 'nunca'],
  ['ama', 'odia'],
  ['introvertida', 'extrovertida'],
  ['introvertido', 'extrovertido'],
  ['courtes', 'longues'],
  ['toujours', 'jamais'],
  ['aime', 'déteste'],
  ['introvertie', 'extravertie'],
  ['introverti', 'extraverti'],
  ['喜欢', '讨厌'],
  ['总是', '从不'],
  ['内向', '外向'],
  ['长', '短'],
])('knows %s as the opposite of %s', (one, other) => {
  expect(findContradiction([`Zu ${one} ba`, `Zu ${other} ba`])).not.toBeNull();
  expect(findContradiction([`Zu ${other} ba`, `Zu ${one} ba`])).not.toBeNull();
  expect(findContradiction([`Zu ${one} ba`, `Zu ${other} bo`])).toBeNull();
});

it.each([
  'is called Ana',
  'Are called Ana',
  'He is called Ana',
  'she is named Ana',
  'They are named Ana',
  'name: Ana',
  'Name is Ana',
  'her name is Ana',
  'Their name: Ana',
  'His name  : Ana',
  'Ana, 34, sings',
  'Ana María Ruiz, aged 34, sings',
  'heißt Ana',
  'Er heißt Ana',
  'Se llama Ana',
  "il s'appelle Ana",
  'S’appelle Ana',
])('reads a name in %j', (statement) => {
  expect(findContradiction(['Is called Marta', statement])).not.toBeNull();
  expect(findContradiction(['Is called Ana', statement])).toBeNull();
});

it.each([
  'Says that she is called Ana',
  'Nobody knows that her name is Ana',
  'Once met Ana, 34, in Rome',
  'Weiß, wie Ana heißt',
  'Is called ana',
  'Is called',
  'Knows how Ana s’appelle',
  'Su perro se llama Ana',
])('reads none in %j', (statement) => {
  expect(findContradiction(['Is called Marta', statement])).toBeNull();
});
