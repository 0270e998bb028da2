import { expect, test } from 'vitest';
import { CLASSES, LANGUAGES, readLabelledMessages } from './labelled-messages.ts';

const messages = await readLabelledMessages();

test.each(LANGUAGES)(
  '%s has 130 good messages and about as many of each fault, in both halves',
  (language) => {
    const own = messages.filter((message) => message.language === language);
    expect(own.map(({ id }) => id)).toEqual(
      Array.from({ length: 260 }, (_, index) => `${language}-${String(index + 1).padStart(3, '0')}`),
    );
    expect(own.filter(({ label }) => label === 'good')).toHaveLength(130);
    for (const fault of CLASSES) {
      const found = own.filter(({ label }) => label === fault);
      expect(found.length).toBeGreaterThanOrEqual(21);
      expect(found.filter(({ half }) => half === 'measured').length).toBeGreaterThanOrEqual(5);
    }
  },
);

test('every message belongs to a case, stands once, and follows the assistant or nothing', () => {
  for (const { id, persona, conversation } of messages) {
    expect(persona, id).toBeDefined();
    expect(conversation.at(-1)?.role ?? 'assistant', id).toBe('assistant');
  }
  expect(new Set(messages.map(({ message }) => message)).size).toBe(messages.length);
});
