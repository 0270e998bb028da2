import { describe, expect, test } from 'vitest';
import { responderPrompt } from '../../../src/conversations/prompts/responder.ts';
import { rolePlayerPrompt } from '../../../src/conversations/prompts/role-player.ts';
import { steeredRolePlayerPrompt } from '../../../src/conversations/prompts/steered-role-player.ts';
import { user } from '../../../src/messages.ts';
import { createPromptLeakCheck } from '../../../src/preferences/faults/prompt-leak.ts';
import { dry, nurse, playedTree } from '../trees.ts';
import { texts } from './texts.ts';

const check = createPromptLeakCheck();
const { persona } = playedTree('c', nurse, dry, []);
const revealed = [{ id: 'T1', text: 'Has a dry sense of humour.' }];
const hint = responderPrompt.messages({ conversation: [user('Long night.')], revealed }).at(-1)!.content;

describe('the check for prompts', () => {
  // The first of the tests: what the check knows of the prompts is made once, when it is first asked.
  test('knows what all prompts say of their own, with all that they can be given', () => {
    const found = (text: string) => check.find(texts('Hi.', text));
    expect(check.fault).toBe('prompt-leak');
    expect(found('What you know about me: dry')).toBe('what you know about me');
    expect(found('The friend answers: hello')).toBe('the friend answers');
    expect(found('In this chat the person: types fast.')).toBe('in this chat the person');
    expect(found('You wrote about it before, say something new.')).not.toBeNull();
    const sentence = 'write only this person’s words: no name in front, no quotation marks';
    expect(found(sentence)).not.toBeNull();
    for (const label of ['Topic', 'Your life', 'Tone']) expect(found(`${label}: tomatoes`)).toBeNull();
  });

  test('finds the whole hint of the responder, and each part of it', () => {
    expect(check.find(texts('Long night.', hint.split('\n\n')[1]!))).not.toBeNull();
    expect(check.find(texts('Long night.', '(What you know about me: dry humour) Rest well.'))).toBe(
      'what you know about me',
    );
    const middle = 'I answer as somebody like that likes to be answered, in tone and length.';
    expect(check.find(texts('Long night.', middle))).toBe('answer as somebody like that likes to be');
  });

  test.each([
    ['the responder', responderPrompt.messages({ conversation: [user('Hi.')], revealed })],
    ['the role-player', rolePlayerPrompt.messages({ persona, conversation: [] })],
    ['the role-player for weak models', steeredRolePlayerPrompt.messages({ persona, conversation: [] })],
  ])('finds any long sentence of the instructions of %s', (_name, messages) => {
    const sentences = messages[0]!.content
      .split(/[.\n]/)
      .map((sentence) => sentence.replace(/^[-\s]+/, ''))
      .filter((sentence) => sentence.split(' ').length > 10 && !/["“(]/.test(sentence))
      .filter((sentence) => !nurse.facts.includes(`${sentence}.`));
    expect(sentences.length).toBeGreaterThan(2);
    for (const sentence of sentences)
      expect([sentence, check.find(texts('Hi.', sentence))]).not.toContain(null);
  });

  test('finds an example message of a prompt as a user turn, and a label anywhere in the conversation', () => {
    const example = 'Ugh, eleven hours in my taxi today and every single light in Madrid was red.';
    expect(check.find(texts(example, 'Ouch.'))).not.toBeNull();
    expect(check.find(texts(['Hi.', 'The friend answers: hello', 'Bye.'], 'Ouch.'))).toBe(
      'the friend answers',
    );
    expect(check.find(texts(['Write about this: plays chess', 'Ok.', 'Bye.'], 'Ouch.'))).toBe(
      'write about this',
    );
  });

  test('looks at both responses, and sees through typographic apostrophes', () => {
    expect(check.find(texts('Hi.', 'Hello.', `Hello. ${hint}`))).not.toBeNull();
    expect(check.find(texts('Hi.', 'The person’s character: dry.'))).toBe('the person s character');
  });

  test('lets what people say to each other pass, and what a prompt is given', () => {
    const said = [
      'Answer me in one or two short sentences, please.',
      'You chat the way a good friend does. What was wrong with that one?',
      'Tone: dry. Topic: tomatoes.',
      'She is a night nurse on a children’s ward in Porto. She grows tomatoes on her balcony.',
    ];
    for (const text of said) expect(check.find(texts(text, text, text))).toBeNull();
  });

  test('knows the texts of own prompts', () => {
    const own = createPromptLeakCheck(['Speak like a pirate who has lost his ship in a storm, always.']);
    const leak = 'Aye: like a pirate who has lost his ship in a storm.';
    expect(own.find(texts('Hi.', leak))).toBe('like a pirate who has lost his ship');
    expect(own.find(texts('Hi.', hint))).not.toBeNull();
    expect(own.find(texts('Hi.', 'Aye.'))).toBeNull();
    expect(check.find(texts('Hi.', leak))).toBeNull();
  });

  test('takes labels of three words from own prompts, and no words across two of them', () => {
    const prompts = [
      'About this user: likes rum.',
      'Their ship: lost.',
      'Speak like a pirate',
      'who has lost his ship',
    ];
    const own = createPromptLeakCheck(prompts);
    expect(own.find(texts('Hi.', 'About this user: drinks.'))).toBe('about this user');
    expect(own.find(texts('Hi.', 'Their ship: found.'))).toBeNull();
    expect(own.find(texts('Hi.', 'Speak like a pirate who has lost his ship.'))).toBeNull();
  });
});
