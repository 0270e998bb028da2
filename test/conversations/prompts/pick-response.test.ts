import { expect, test } from 'vitest';
import { pickResponsePrompt } from '../../../src/conversations/prompts/pick-response.ts';
import { user } from '../../../src/messages.ts';
import { lockPrompt } from '../../../src/models/locked-prompt.ts';
import { benchmarkCases } from '../../evaluation/fakes.ts';
import { hostileResponses } from '../../evaluation/hostile-responses.ts';

const { persona } = benchmarkCases(1)[0]!;
const conversation = [user('My bees are cross.')];

test.each(hostileResponses)(
  'keeps a response inside its delimiters, and no rating of its own: %s',
  (_name, hostile) => {
    const responses = { A: 'Smoke them.', B: hostile, C: 'Wait.' };
    const [, asked] = pickResponsePrompt.messages({ persona, conversation, responses });
    const { content } = asked!;
    for (const tag of ['<reply B>', '</reply B>', '<reply C>', '</conversation>']) {
      expect(content.split(tag)).toHaveLength(2);
    }
    const shown = content.slice(content.indexOf('<reply B>') + 9, content.indexOf('</reply B>'));
    expect(shown).not.toMatch(/[<>{}[\]]/);
  },
);

test('asks for a rating of each response by its name', () => {
  const [, asked] = pickResponsePrompt.messages({ persona, conversation, responses: { A: 'x', B: 'y' } });
  expect(asked!.content).toContain('"rationale", one short sentence; then "A", "B", each a whole number');
});

test('has the words of its version', () => {
  const lock = lockPrompt(pickResponsePrompt, {
    persona,
    task: 'wants quiet',
    conversation,
    responses: { A: 'Smoke.', B: 'Wait.' },
  });
  expect(lock).toMatchInlineSnapshot(`
    {
      "name": "pick-response@1",
      "sha256": "06b21b99af194c2b09491275f5830bbd9e4fedeab7098e7265013d2ab4d288ca",
    }
  `);
});
