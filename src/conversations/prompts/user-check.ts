import { type Message, system, user } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';
import type { Statement } from '../../personas/persona.ts';

/** What a model can find wrong with a user message. */
export const FAULTS = [
  'role-reversal',
  'assistant-voice',
  'contradiction',
  'oversharing',
  'prompt-echo',
  'third-person-fact',
] as const;

/** Variables of {@link userCheckPrompt}. */
export interface UserCheckVariables {
  /** All statements about the person, numbered. */
  readonly statements: readonly Statement[];
  /** The conversation before the message. Empty at the start. */
  readonly conversation: readonly Message[];
  /** The user message to check. */
  readonly message: string;
  /** Maximum number of facts one message may tell. */
  readonly maxStatements: number;
}

/** Asks for the one fault of a simulated user's message, or none, and for the statement that a contradiction denies. */
export const userCheckPrompt: Prompt<UserCheckVariables> = {
  id: 'user-check',
  version: 1,
  messages: ({ statements, conversation, message, maxStatements }) => [
    system(
      [
        'A writer plays a person who chats with a friend, an AI. You check one message of the person: is it what this person could have typed, or does it have one of six faults?',
        '',
        'What is true of the person (F: life, T: character):',
        ...statements.map(({ id, text }) => `${id}: ${text}`),
        '',
        'The faults:',
        '- role-reversal: the writer took the other side. The message serves, counsels, comforts, interviews or instructs the friend as a helper does ("send me the list and I will check it", "thank you for sharing"), treats the person\'s own matter as the friend\'s ("you must be proud of your daughters"), or answers the question that the person had asked.',
        '- assistant-voice: it talks of the right things in the voice of a chatbot or a brochure: praise for a question, both sides weighed without an opinion, "it is important to", disclaimers, a neat summary, a closing offer, "as an AI".',
        '- contradiction: it says something of the person that cannot be true together with a statement, such as another age, job, family or habit, or it does in the writing itself what a T statement rules out (emojis from somebody who uses none).',
        `- oversharing: it reels off more than ${maxStatements} separate facts of the person's life (different F statements) in one message, more than the moment asks for, like somebody reading out a profile.`,
        '- prompt-echo: words of the writer\'s brief are left in it: a label ("Topic:", "User:", "In character:"), a rule ("in one or two short sentences", "as requested", "I must not reveal this yet"), a trait announced instead of shown, stage directions, "As Marit, I would say".',
        '- third-person-fact: the person speaks of themselves as "he", "she", "they" or by name, or a statement stands there as in a file ("Lives alone in a yellow house."). Look at the verb in languages that leave the subject out, and at whose life it is.',
        '',
        'No fault: typos, slang, swearing, sarcasm, rudeness, a single word, poems, code, logs, tables, numbered questions and lists, other languages, quotations of others (also of assistants and forms), first-person sentences without "I", answers to what was asked, requests for help or for a short reply, advice or sympathy between friends about something the friend said of themselves, jokes, exaggeration, hypotheticals, white lies, moods, one topic told at length, whatever the statements leave open, and everything that is a habit of this person (T).',
        'If there are two faults, name the plainer one. If you are not sure that there is one, answer "none".',
        '',
        'Answer as JSON: {"evidence": the words that show the fault, or "", "fault": "none" or one of the six, "statement": for a contradiction the id of the statement, else "none"}.',
      ].join('\n'),
    ),
    user(
      [
        conversation.length === 0
          ? 'The message opens the chat.'
          : ['The chat so far:', ...conversation.map(line)].join('\n'),
        '',
        `The message of the person to check: ${JSON.stringify(message)}`,
      ].join('\n'),
    ),
  ],
};

function line({ role, content }: Message): string {
  return `${role === 'user' ? 'The person' : 'The friend'}: ${JSON.stringify(content)}`;
}
