import { strict as assert } from 'node:assert';
import type { TemplateMessage, Tokenizer } from '../tokenizers/tokenizer.ts';
import type { ConformanceCheck } from './conformance.ts';

const conversation = (): TemplateMessage[] => [
  { role: 'user', content: 'Third night in a row.' },
  { role: 'assistant', content: 'How many hours to go?' },
];

/** What every {@link Tokenizer} keeps to. */
export function tokenizerConformance(create: () => Tokenizer): ConformanceCheck[] {
  return [
    {
      name: 'its id is a text without line breaks, the same for two made alike',
      async run() {
        assert.match(create().id, /^\S[^\n]*$/);
        assert.equal(create().id, create().id);
      },
    },
    {
      name: 'it counts whole tokens, the same each time, and leaves the messages as they were',
      async run() {
        const tokenizer = create();
        const messages = conversation();
        const count = await tokenizer.countTokens(messages);
        assert.ok(Number.isInteger(count) && count > 0, `a whole number above 0, got ${count}`);
        assert.equal(await tokenizer.countTokens(messages), count);
        assert.deepEqual(messages, conversation());
      },
    },
    {
      name: 'more words are more tokens, and so are more messages',
      async run() {
        const tokenizer = create();
        const count = await tokenizer.countTokens(conversation());
        const [question, answer] = conversation() as [TemplateMessage, TemplateMessage];
        const longer = { ...answer, content: `${answer.content} Eleven against one.` };
        assert.ok((await tokenizer.countTokens([question, longer])) > count);
        assert.ok((await tokenizer.countTokens([...conversation(), ...conversation()])) > count);
        assert.ok((await tokenizer.countTokens([question])) < count);
      },
    },
  ];
}
