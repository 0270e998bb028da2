import { strict as assert } from 'node:assert';
import type { TemplateMessage, Tokenizer } from '../tokenizers/tokenizer.ts';
import { type ConformanceCheck, check } from './conformance.ts';

const conversation = (): TemplateMessage[] => [
  { role: 'user', content: 'Third night in a row.' },
  { role: 'assistant', content: 'How many hours to go?' },
];

/**
 * The requirements for every {@link Tokenizer}.
 *
 * @param create Makes the tokenizer. Called several times; all tokenizers it makes must be equal.
 */
export function tokenizerConformance(create: () => Tokenizer): ConformanceCheck[] {
  return [
    check('its id is one line of text, the same for equal tokenizers', async () => {
      assert.match(create().id, /^\S[^\n]*$/);
      assert.equal(create().id, create().id);
    }),
    check('it counts whole tokens, the same each time, and leaves the messages unchanged', async () => {
      const tokenizer = create();
      const messages = conversation();
      const count = await tokenizer.countTokens(messages);
      assert.ok(Number.isInteger(count) && count > 0, `expected an integer above 0, got ${count}`);
      assert.equal(await tokenizer.countTokens(messages), count);
      assert.deepEqual(messages, conversation());
    }),
    check('more words and more messages have more tokens', async () => {
      const tokenizer = create();
      const count = await tokenizer.countTokens(conversation());
      const [question, answer] = conversation() as [TemplateMessage, TemplateMessage];
      const longer = { ...answer, content: `${answer.content} Eleven against one.` };
      assert.ok((await tokenizer.countTokens([question, longer])) > count);
      assert.ok((await tokenizer.countTokens([...conversation(), ...conversation()])) > count);
      assert.ok((await tokenizer.countTokens([question])) < count);
    }),
  ];
}
