import { expect, it } from 'vitest';
import { findEcho, promptWords } from '../../../src/personas/quality/echo.ts';

const prompt = promptWords([
  'A profile is 8 to 10 plain facts about one person. Say "Repairs buses in Pune", not "Has a job".',
  '写出关于一个人的八到十条简单事实。',
]);

it.each([
  'Repairs buses in Pune',
  '**Has a job**',
  'Knows that a profile is 8 to 10 plain things',
  'Has 8 to 10 plain facts about all of us',
  'Sells a list of 8 to 10 plain facts about',
  '写出关于一个人的八到十条',
  'The first personality: 18 different ways',
  'Second profile',
  '3rd person -',
  'The next persona:',
  '## Last profile: a nurse',
  'Die erste Persönlichkeit: laut',
  'El primer perfil:',
  'La première personne :',
  '第一个人物：护士',
  '第3位人：',
])('finds the echo in %j', (statement) => {
  expect(findEcho(['Has a dog', statement], prompt)).toBe(statement);
});

it.each([
  'Repairs buses',
  'Is one person in many',
  'Repairs buses in Puno',
  'Was told 8 to 10 plain lies by one person',
  'The first person in the family to finish school',
  'Is the first person: nobody else dared',
  'Was second',
  '关于一个人的事',
  '第一个人离开',
])('lets %j pass', (statement) => {
  expect(findEcho([statement], prompt)).toBeNull();
});
