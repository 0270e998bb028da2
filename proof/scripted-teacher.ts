import type { ChatModel } from '../src/index.ts';
import { childSeed, type Random, sample, seededRandom } from '../src/internal/random.ts';
import type { PersonaRule } from '../src/rules.ts';
import { scriptedModel } from '../src/testing/index.ts';
import { EITHER_WAY, type Manner, mannerOf } from './cues.ts';

type Register = 'formal' | 'casual';

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
 * A scripted responder. With a hint in the prompt (preferred), it follows the hint. Without one (rejected), it writes what
 * another person at this turn would want. Where neither says anything, it is plain.
 *
 * The two sides differ only in whom they know. Each style is equally frequent on both at every turn, and the same styles
 * give the same text. DPO would learn any other difference instead of the person's words.
 */
export function scriptedTeacher(statements: ReadonlyMap<string, PersonaRule>): ChatModel {
  return scriptedModel(
    ({ messages, seed = 0 }) => {
      const [message = '', hint] = messages.at(-1)!.content.split('(What you know about me: ');
      const turn = messages.filter(({ role }) => role === 'user').length;
      const known =
        hint === undefined
          ? somebodyElse(turn, seededRandom(seed))
          : new Set(
              [...statements]
                .filter(([text]) => hint.includes(text))
                .map(([, preference]) => mannerOf(preference)),
            );
      return write(known, topicOf(message));
    },
    { id: 'scripted-teacher@4' },
  );
}

/** The preferences that a random person has shown by a turn: one more per turn, each either way. */
function somebodyElse(turn: number, random: Random): Set<Manner> {
  return new Set(sample(EITHER_WAY, turn, random).map((pair) => sample(pair, 1, random)[0]!));
}

/** A response in the manners that are known, plain in the others. */
export function write(known: ReadonlySet<Manner>, topic: string): string {
  const register = known.has('casual') ? 'casual' : 'formal';
  const pick = (texts: readonly string[]) => texts[childSeed(0, topic) % texts.length]!;
  const opening = pick(OPENINGS[register]).replace('{}', topic);
  return [
    known.has('emoji') ? `${opening} ${pick(EMOJI)}` : opening,
    ...(known.has('list') ? POINTS[register] : []),
    ...(known.has('asked back') ? [pick(QUESTIONS[register])] : []),
  ].join('\n');
}

/** The longest word of the fact that the message is about, after its verb. */
export function topicOf(message: string): string {
  const fact = /About me: (.+?)[.]( |$)/.exec(message)?.[1] ?? message;
  const [, ...words] = fact.match(/\p{L}+/gu) ?? [];
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), 'day');
}
