import { assistant, type Message, user } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';
import type { RolePlayerVariables } from './role-player.ts';
import { friendAnswers, ownMessage, systemMessages } from './same-messages.ts';

/** Sample messages, by people who are not in any pool. */
const EXAMPLES = (
  [
    [
      'Drives a taxi in Madrid',
      'Ugh, eleven hours in my taxi today and every single light in Madrid was red.',
    ],
    [
      'Has a daughter who starts school',
      'My daughter starts school on Monday and I think I am more nervous than she is!',
    ],
    ['Plays chess in the park', 'Lost at chess in the park again. Three times. Do not ask.'],
    ['Works as a plumber', 'I fixed four boilers today and my back is killing me.'],
  ] as const
).flatMap(([fact, message]) => [user(about(fact)), assistant(message)]);

const systemMessage = systemMessages();
const FIRST = user('Begin the chat.');

/**
 * Asks a weak model for the next message of the simulated user. Each message is about one fact, which is given with
 * examples, so that even a model of 135 million parameters says something of its own. In return, every user
 * writes in the same casual voice and no message follows from the reply before it. Strong models do better with `rolePlayerPrompt`.
 */
export const steeredRolePlayerPrompt: Prompt<RolePlayerVariables> = {
  id: 'role-player-steered',
  version: 1,
  messages({
    persona,
    conversation,
    focus,
    again = false,
    former,
    task,
    situation,
    habits = [],
    correction,
  }) {
    const { facts } = persona.profile;
    const { traits } = persona.personality;
    const messages: Message[] = [
      systemMessage(
        conversation,
        [
          'You write the chat messages of one person to a friend. Write as "I", casually, in one or two short sentences.',
          "Stay this person: the topics come from the person's life, the tone from the character.",
          'Never say that this is a role, never explain or list your character, never give help like an assistant.',
          'Tell only what is asked for now; the rest of your life can wait.',
          `The person's life: ${facts.join('; ')}.`,
          `The person's character: ${traits.join('; ')}.`,
          ...(habits.length === 0 ? [] : [`In this chat the person: ${habits.join('; ')}.`]),
          ...(task === undefined ? [] : [`In this chat the person ${task}.`]),
          ...(former === undefined
            ? []
            : [
                `Until lately the character was another: ${former.personality.traits.join('; ')}.`,
                'From now on write as the person is today. Show the change; do not announce it.',
              ]),
        ].join('\n'),
      ),
      ...EXAMPLES,
    ];
    let heard = FIRST;
    for (const message of conversation) {
      if (message.role === 'user') messages.push(heard, ownMessage(message));
      else heard = friendAnswers(message);
    }
    const wanted = [
      ...(conversation.length === 0 && focus !== undefined ? [] : [heard.content]),
      ...(situation === undefined ? [] : [`The person now: ${situation}.`]),
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
