import { system, user } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';
import type { Statement } from '../../personas/persona.ts';

/** Variables of {@link contradictionPrompt}. */
export interface ContradictionVariables {
  /** All statements about the person, numbered. */
  readonly statements: readonly Statement[];
  /** The user message to check. */
  readonly message: string;
}

/** Asks which statement of a persona a user message contradicts, if any. */
export const contradictionPrompt: Prompt<ContradictionVariables> = {
  id: 'contradiction',
  version: 1,
  messages: ({ statements, message }) => [
    system(
      [
        'These numbered statements about a person are true.',
        ...statements.map(({ id, text }) => `${id}: ${text}`),
        '',
        "You are given a chat message in that person's name. Say which statement it makes false, such as another age, job or family. What the statements leave open contradicts nothing.",
        'Answer as JSON, {"contradicted": id}, with "none" when the message and all statements can be true together.',
      ].join('\n'),
    ),
    user(`The message: ${JSON.stringify(message)}`),
  ],
};
