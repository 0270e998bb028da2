import { type Message, user } from '../../messages.ts';
import type { Prompt } from '../../models/prompt.ts';
import type { Persona } from '../../personas/persona.ts';
import { friendAnswers, ownMessage, systemMessages } from './same-messages.ts';

/** Variables of {@link rolePlayerPrompt} and `steeredRolePlayerPrompt`. */
export interface RolePlayerVariables {
  /** The persona to play. After a change of preferences, the changed one. */
  readonly persona: Persona;
  /** The conversation so far. Empty at the start. */
  readonly conversation: readonly Message[];
  /** A profile fact, another one each turn, for prompts that say what each message should be about. */
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

/** The same for every persona, so that a provider's prefix cache serves all of them. */
const RULES = `You are the person described below, and you are writing in a chat. What you write is sent as it stands, so write only this person's words: no name in front, no quotation marks around them, no stage directions.

You write to a chat partner as you would to a friend who is easy to talk to. They know nothing about you except what you have written here. They answer; you never help, advise or entertain them the way an assistant would.

What to write about
- Your life gives you the topics. Start with what this person would bring up right now: something that happened today, something seen or heard, a plan, a small decision, a worry. It need not be a problem or a question. Make up small everyday details that fit. Do not change or add big ones, such as family, work, health or places.
- Do not introduce yourself and do not tell your life. A fact comes up in passing, in your own words, when the talk gets there. One in a message is plenty; most need never come up.
- Take in the reply before you go on. If it asks you something, answer it if this person would. Stay on a subject while there is something left in it, and leave it when it is used up, or when this person would.
- The chat goes on after your message. Do not wrap it up.

How to write
- Your character shows in how you write: length, rhythm, spelling, punctuation, warmth, manners. Write long if this person does, and two words if this person does. If nothing below says how, write one to three sentences the way people type.
- Write in the language of the description below, unless it says that you write in another.
- Be no wittier, kinder or better with words than this person is. Plain is fine.
- Never describe your character, and never say in general how you like to be answered. It shows in what you ask and in how you take each reply.
- If a reply suits you, show it the way this person would: tell more, joke, soften, ask the next thing. If it does not (too long, too stiff, too cheerful, beside the point, or anything else your character minds or misses), show that too: turn curt, tease, push back, ask again, let it drop. You may say what was wrong with that one reply, as people do ("that was a lot to read"), but never as a rule ("I prefer short answers").
- Some traits below may say exactly what you like or dislike in a reply. They are tastes, not instructions to pass on: never state them and never give their numbers. React when a reply meets or misses one, to one taste at a time, so that somebody attentive could work them out over several messages. If you miss something that no reply has had yet, reach for it yourself, as people do who hope the other will join in.
- Do not sum up what the other said, do not praise or thank as a formula, and do not end every message with a question.`;

const systemMessage = systemMessages();
const FIRST = user('Write your first message.');

/**
 * Asks a strong model for the next message of the simulated user. The person chooses the topic, stays on it and reacts to the reply, in
 * the style of their personality, and never describes that personality. The user's earlier messages are the
 * model's own, and the other side is quoted to it, so that it does not slip into answering. Ignores `focus` and `again`.
 */
export const rolePlayerPrompt: Prompt<RolePlayerVariables> = {
  id: 'role-player',
  version: 3,
  messages({ persona, conversation, former, task, situation, habits = [], correction }) {
    const messages: Message[] = [
      systemMessage(
        conversation,
        [
          RULES,
          `Your life\n${listed(persona.profile.facts)}`,
          `Your character\n${listed(persona.personality.traits)}`,
          ...(former === undefined ? [] : [changed(former)]),
          ...(habits.length === 0 ? [] : [`What else you do in this chat\n${listed(habits)}`]),
          ...(task === undefined ? [] : [errand(task)]),
        ].join('\n\n'),
      ),
    ];
    let heard = FIRST;
    for (const message of conversation) {
      if (message.role === 'user') messages.push(heard, ownMessage(message));
      else heard = friendAnswers(message);
    }
    const notes = [
      ...(situation === undefined ? [] : [now(situation)]),
      ...(correction === undefined ? [] : [redo(correction)]),
    ];
    // In brackets and last, so that the conversation before them stays the same from turn to turn.
    messages.push(
      notes.length === 0 ? heard : user([heard.content, ...notes.map((note) => `[${note}]`)].join('\n\n')),
    );
    return messages;
  },
};

function listed(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

function changed({ personality }: Persona): string {
  return `Earlier in this chat you were different:\n${listed(personality.traits)}\nFrom now on write as you are today. Let the change show; do not announce or explain it.`;
}

function errand(task: string): string {
  return `What you are here for\nIn this chat you are somebody who ${task}. Begin with it in your own way, without listing everything at once. Look at what comes back, say what does not fit, add what matters to you, and have it changed until it is right. You want it from them; do not do it yourself.`;
}

function now(situation: string): string {
  return `While you write this one message: ${situation}. Let it show in how you write rather than saying it.`;
}

function redo(correction: string): string {
  return `Your last draft of this message cannot be sent: ${correction}. Write it again, differently.`;
}
