import { expect, test } from 'vitest';
import { readUserPrompt } from '../../src/cli/user-prompt.ts';
import type { OpenedModel } from '../../src/config/opened-model.ts';
import { promptUsers } from '../../src/pipeline/prompted-users.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

const strong: OpenedModel = { model: scriptedModel('Hi.'), note: '' };
/** As `chooseModel` describes the embedded model. */
const weak: OpenedModel = { ...strong, userPrompt: 'steered', temperatures: { user: 0.4, judge: 0.8 } };

test.each<[string | undefined, OpenedModel, string, object]>([
  [undefined, strong, 'role-player', {}],
  ['steered', strong, 'role-player-steered', { maxOutputTokens: 80 }],
  [undefined, weak, 'role-player-steered', { temperature: 0.4, maxOutputTokens: 80 }],
  ['free', weak, 'role-player', { temperature: 0.4 }],
])('the flag decides, else the model: %s', (given, chosen, id, userMessages) => {
  const users = promptUsers(readUserPrompt(given), chosen);
  expect(users.prompt.id).toBe(id);
  expect(users.userMessages).toEqual(userMessages);
});

test('another word is refused', () => {
  expect(() => readUserPrompt('loose')).toThrow('user-prompt');
});
