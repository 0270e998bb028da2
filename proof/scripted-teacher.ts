import { createHash } from 'node:crypto';
import type { ChatModel, CheckablePreference } from '../src/index.ts';
import { scriptedModel } from '../src/testing/index.ts';
import { type Manner, mannerOf } from './cues.ts';

type Register = 'formal' | 'casual';

/** How one answer is written. */
interface Style {
  readonly register: Register;
  readonly emoji: boolean;
  readonly question: boolean;
  readonly list: boolean;
}

const OPENINGS: Readonly<Record<Register, readonly string[]>> = {
  formal: ['Thank you for telling me about the {}.', 'I am glad that you mention the {}.'],
  casual: ['hey, the {} sounds cool!', "wow, I'm so into the {} thing!"],
};

const POINTS: Readonly<Record<Register, readonly string[]>> = {
  formal: ['- Rest a little', '- Remain patient'],
  casual: ['- chill a bit', '- keep at it'],
};

const QUESTIONS: Readonly<Record<Register, readonly string[]>> = {
  formal: ['How did it begin?', 'What do you value most in it?'],
  casual: ["how'd that start?", "what's the best part?"],
};

const EMOJI = ['😊', '🎉'];

/**
 * Answers by script and not by a model. With a hint in the responder's prompt it meets what the hint says and is plain
 * otherwise; without one, as rejected, it writes in a manner drawn at random.
 */
export function scriptedTeacher(statements: ReadonlyMap<string, CheckablePreference>): ChatModel {
  return scriptedModel(
    ({ messages, seed = 0 }) => {
      const last = messages.at(-1)!.content;
      const hint = /\(What you know about me: ([\s\S]*)$/.exec(last)?.[1] ?? '';
      const known = new Set(
        [...statements].filter(([text]) => hint.includes(text)).map(([, preference]) => mannerOf(preference)),
      );
      const draw = (about: string, count: number) => drawn(`${seed} ${about}`, count);
      // Told something of the person, it is plain where it was told nothing. Told nothing at all, it leaves the plain manner
      // about as often as the preferred does: with more or less, how plain a text is would tell the two apart.
      const either = (yes: Manner, no: Manner, plain: boolean) =>
        known.has(yes) || (!known.has(no) && (hint === '' && draw(yes, 3) === 0 ? !plain : plain));
      const style: Style = {
        register: either('formal', 'casual', true) ? 'formal' : 'casual',
        emoji: either('emoji', 'no emoji', false),
        question: either('asked back', 'no questions', false),
        list: either('list', 'no list', false),
      };
      return write(style, topicOf(last), draw);
    },
    { id: 'scripted-teacher@3' },
  );
}

function write(style: Style, topic: string, draw: (about: string, count: number) => number): string {
  const { register } = style;
  const pick = (texts: readonly string[], about: string) => texts[draw(about, texts.length)]!;
  const opening = pick(OPENINGS[register], 'opening').replace('{}', topic);
  const question = style.question ? pick(QUESTIONS[register], 'question') : '';
  const points = style.list ? `${POINTS[register].join('\n')}` : '';
  const emoji = style.emoji ? pick(EMOJI, 'face') : '';
  return [`${opening}${emoji === '' ? '' : ` ${emoji}`}`, points, question].filter(Boolean).join('\n');
}

/** The longest word of the fact that the message is about, after its verb. */
function topicOf(message: string): string {
  const fact = /About me: (.+?)[.]( |$)/.exec(message)?.[1] ?? message;
  const [, ...words] = fact.match(/\p{L}+/gu) ?? [];
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), 'day');
}

function drawn(text: string, count: number): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) % count;
}
