import { type Message, user } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';
import type { Statement } from '../../personas/persona.ts';
import { systemMessages } from './same-messages.ts';

/** Variables of {@link inductionPrompt}. */
export interface InductionVariables {
  /** All statements about the person, numbered. */
  readonly statements: readonly Statement[];
  /** Ids of the statements revealed earlier. */
  readonly known: readonly string[];
  /** The messages to read. */
  readonly conversation: readonly Message[];
}

const systemMessage = systemMessages();

/**
 * Asks which statements of a persona the user's own words have revealed. The prompt gives no example ids, because a small
 * model copied them into its answer (seen with SmolLM2-135M-Instruct).
 */
export const inductionPrompt: Prompt<InductionVariables> = {
  id: 'induction',
  version: 3,
  messages({ statements, known, conversation }) {
    const transcript = conversation.map(
      ({ role, content }) => `${role === 'user' ? 'Person' : 'Friend'}: ${oneLine(content)}`,
    );
    return [
      systemMessage(
        conversation,
        [
          'These are numbered statements about a person: facts (F) and traits (T).',
          ...statements.map(({ id, text }) => `${id}: ${text}`),
          '',
          "Read a chat and name the statements that the person's own messages show, up to the last one. What the friend says does not count.",
          'A fact counts when the person has told it, in whatever words. Of a fact with several parts, the main one is enough: the work, the hobby, the event, the tie to somebody. A name, an age or a place alone is not, unless the fact says nothing else.',
          'A trait counts when the person shows it, by how they write, what they ask for or how they take an answer; they need not say it. One clear instance is enough. Politeness, good humour and what most people would write there show nothing.',
          'Count a statement only when the words make it plain; leave out what could be guessed.',
          'Name three at most. If more are plain, traits come before facts. Answer as JSON, {"revealed": [ids]}, with an empty list for none.',
        ].join('\n'),
      ),
      user(
        [
          'The chat:',
          ...transcript,
          '',
          `Found before: ${known.length === 0 ? 'none' : known.join(', ')}. Which others does the person show?`,
        ].join('\n'),
      ),
    ];
  },
};

/** A line break could look like the start of the next speaker's message. */
function oneLine(text: string): string {
  return text.includes('\n') ? text.replace(/(?<!\s)\s*\n\s*/g, ' ') : text;
}
