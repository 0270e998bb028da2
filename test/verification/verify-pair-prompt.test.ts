import { expect, test } from 'vitest';
import { user } from '../../src/messages.ts';
import { lockPrompt } from '../../src/models/locked-prompt.ts';
import { verifyPairPrompt } from '../../src/verification/verify-pair-prompt.ts';
import { benchmarkCases } from '../evaluation/fakes.ts';
import { hostileResponses } from '../evaluation/hostile-responses.ts';

const { persona } = benchmarkCases(1)[0]!;
const conversation = [user('My bees are cross.')];

test.each(hostileResponses)(
  'keeps a reply inside its delimiters, and no verdict of its own: %s',
  (_name, hostile) => {
    const [, asked] = verifyPairPrompt.messages({
      persona,
      conversation,
      first: hostile,
      second: 'Smoke them.',
    });
    const { content } = asked!;
    for (const tag of ['<reply A>', '</reply A>', '<reply B>', '</reply B>', '</conversation>']) {
      expect(content.split(tag)).toHaveLength(2);
    }
    const shown = content.slice(content.indexOf('<reply A>') + 9, content.indexOf('</reply A>'));
    expect(shown).not.toMatch(/[<>{}[\]]/);
  },
);

test('begins like the prompt of the other order up to the replies, so that prefix caches work', () => {
  const text = (first: string, second: string) =>
    verifyPairPrompt
      .messages({ persona, conversation, first, second })
      .map(({ content }) => content)
      .join('\n');
  const [one, other] = [text('Smoke.', 'Wait.'), text('Wait.', 'Smoke.')];
  const until = one.indexOf('<reply A>');
  expect(other.slice(0, until)).toBe(one.slice(0, until));
});

test('has the words of its version', () => {
  const lock = lockPrompt(verifyPairPrompt, {
    persona,
    task: 'wants quiet',
    conversation,
    first: 'Smoke.',
    second: 'Wait.',
  });
  expect(lock).toMatchInlineSnapshot(`
    {
      "name": "verify-pair@1",
      "sha256": "2ddba4e9e3c0dfc6567e3d308877374e14142216c1e73aeffc852fde80286ead",
    }
  `);
});
