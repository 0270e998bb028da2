import { assistant, type Message, system, user } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';
import type { Persona } from '../../personas/persona.ts';

/** Variables of {@link rolePlayerPrompt}. */
export interface RolePlayerVariables {
  /** The persona to play. After a change of preferences, the changed one. */
  readonly persona: Persona;
  /** The conversation so far. Empty at the start. */
  readonly conversation: readonly Message[];
  /** The profile fact this message should be about, for prompts that set the topic of each message. */
  readonly focus?: string | undefined;
  /** Whether an earlier message was already about that fact. Happens if there are more turns than facts. */
  readonly again?: boolean | undefined;
  /** The persona before its preferences changed mid-conversation, if they did. */
  readonly former?: Persona | undefined;
  /** What the person wants done in this conversation: 'wants a birthday dinner for six planned'. */
  readonly task?: string | undefined;
  /** What holds for this message alone: 'on the train, in a hurry'. */
  readonly situation?: string | undefined;
  /** How the person behaves in the whole conversation, one plain sentence each: 'types fast and leaves typos in'. */
  readonly habits?: readonly string[] | undefined;
  /** On another attempt, why the previous draft was unusable. */
  readonly correction?: string | undefined;
}

/** Sample messages, by people who are not in any pool. */
const EXAMPLES = [
  ['Drives a taxi in Madrid', 'Ugh, eleven hours in my taxi today and every single light in Madrid was red.'],
  [
    'Has a daughter who starts school',
    'My daughter starts school on Monday and I think I am more nervous than she is!',
  ],
  ['Plays chess in the park', 'Lost at chess in the park again. Three times. Do not ask.'],
  ['Works as a plumber', 'I fixed four boilers today and my back is killing me.'],
] as const;

/**
 * Asks for the next message of the simulated user. The user's earlier messages are the model's own, and the other side is
 * quoted to it, so that it does not slip into answering. Each message is about one fact, so that the persona is revealed
 * gradually.
 */
export const rolePlayerPrompt: Prompt<RolePlayerVariables> = {
  id: 'role-player',
  version: 2,
  messages({ persona, conversation, focus, again = false, former, correction }) {
    const { facts } = persona.profile;
    const { traits } = persona.personality;
    const messages: Message[] = [
      system(
        [
          'You write the chat messages of one person to a friend. Write as "I", casually, in one or two short sentences.',
          "Stay this person: the topics come from the person's life, the tone from the character.",
          'Never say that this is a role, never explain or list your character, never give help like an assistant.',
          'Tell only what is asked for now; the rest of your life can wait.',
          `The person's life: ${facts.join('; ')}.`,
          `The person's character: ${traits.join('; ')}.`,
          ...(former === undefined
            ? []
            : [
                `Until lately the character was another: ${former.personality.traits.join('; ')}.`,
                'From now on write as the person is today. Show the change; do not announce it.',
              ]),
        ].join('\n'),
      ),
      ...EXAMPLES.flatMap(([fact, message]) => [user(about(fact)), assistant(message)]),
    ];
    let heard = 'Begin the chat.';
    for (const { role, content } of conversation) {
      if (role === 'user') messages.push(user(heard), assistant(content));
      else heard = `The friend answers: ${content}`;
    }
    const wanted = [
      ...(conversation.length === 0 ? [] : [heard]),
      ...(focus === undefined
        ? []
        : [`${about(focus)}${again ? ' You wrote about it before: say something new.' : ''}`]),
      ...(correction === undefined
        ? []
        : [`Your last try was of no use: ${correction}. Write another message.`]),
    ];
    messages.push(user(wanted.join('\n\n')));
    return messages;
  },
};

function about(fact: string): string {
  return `Write about this: ${fact.replace(/(?<![.!?])[.!?]+$/, '')}.`;
}
