import { assistant, type Message, user } from '../../messages.ts';
import { type Persona, pairPersona } from '../../personas/persona.ts';

// Prompts are hashed by rendering them with these values: changing a word here changes the hash of every prompt.

export const examplePersona: Persona = pairPersona(
  { id: 'example-profile', facts: ['Mends clocks in Porto', 'Has two sisters'] },
  { id: 'example-personality', traits: ['Speaks in riddles', 'Hates haste'] },
);

/** Ends with the user message to answer. */
export const exampleConversation: readonly Message[] = [
  user('The church clock is late again.'),
  assistant('Who noticed first?'),
  user('My sister did.'),
];

export const exampleResponse: string = 'Then it is five past three for her, and three for God.';

/** What a user can want, and be like, besides the persona. */
export const exampleErrand: {
  readonly task: string;
  readonly situation: string;
  readonly habits: readonly string[];
} = {
  task: 'wants the clock set right',
  situation: 'on the stairs, out of breath',
  habits: ['leaves out commas'],
};
