import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/internal/canonical-json.ts';
import { type Message, user } from '../../src/messages.ts';
import { canonicalMessages } from '../../src/models/messages-json.ts';

test('a message that a caller changes is written as it is now', () => {
  const message: { -readonly [Key in keyof Message]: Message[Key] } & { name?: string } = {
    role: 'user',
    content: 'Hel',
  };
  const written = () => canonicalMessages([message, user('And "you"?')]);
  const anew = () => canonicalJson([message, user('And "you"?')]);
  expect([written(), written()]).toEqual([anew(), anew()]);
  message.content += 'lo';
  expect(written()).toBe(anew());
  message.role = 'assistant';
  expect(written()).toBe(anew());
  message.name = 'Marit';
  expect(written()).toBe(anew());
  message.name = 'Ada';
  expect(written()).toBe(anew());
  delete message.name;
  expect(written()).toBe(anew());
});
