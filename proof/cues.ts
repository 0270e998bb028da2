import type { PersonaRule } from '../src/rules.ts';

/** A preference without its numbers: the part that a cue can show. */
export type Manner =
  | 'emoji'
  | 'no emoji'
  | 'asked back'
  | 'no questions'
  | 'list'
  | 'no list'
  | 'formal'
  | 'casual';

/** Preferences that a person has one way or the other. */
export const EITHER_WAY: readonly (readonly [Manner, Manner])[] = [
  ['emoji', 'no emoji'],
  ['asked back', 'no questions'],
  ['list', 'no list'],
  ['formal', 'casual'],
];

/** Kinds of preference that a scripted person can show in a sentence. */
export const KINDS = ['emoji', 'question', 'list', 'formality'] as const;

/** @throws Error for a kind that the scripted people of this proof do not show. */
export function mannerOf(preference: PersonaRule): Manner {
  switch (preference.kind) {
    case 'emoji':
      return preference.wanted ? 'emoji' : 'no emoji';
    case 'question':
      return preference.wanted ? 'asked back' : 'no questions';
    case 'list':
      return preference.wanted ? 'list' : 'no list';
    case 'formality':
      return preference.wanted;
    default:
      throw new Error(`No cue shows a preference of the kind ${preference.kind}.`);
  }
}

/**
 * Phrases that show a preference. People in the evaluation use different phrases from those in the training
 * conversations, so that memorised sentences do not help. Memorised words do: `bag-of-words.ts` measures how far.
 */
export const CUES: Readonly<
  Record<Manner, { readonly training: readonly string[]; readonly evaluation: readonly string[] }>
> = {
  emoji: {
    training: [
      'That made my day 😊🎉',
      'Feeling great 🌞😄',
      'You know me, always smiling 😁✨',
      'Ha 😂🙌',
      'So happy 🥳💛',
      'Big hugs 🤗🌸',
      'Yay 🎈😀',
      'What a week 😅👍',
      'Sending you sunshine ☀️😊',
      'Cannot stop grinning 😃🎶',
    ],
    evaluation: ['Such a day 😄🌈', 'Love it 🎉😁', 'All good here 😊💛'],
  },
  'no emoji': {
    training: [
      'And no smileys please, I cannot stand them.',
      'Spare me those little yellow faces.',
      'Plain text only, without emoji.',
      'My phone shows emoji as boxes, so leave them out.',
      'Those little pictures in messages annoy me.',
      'I never use emoji and do not want any.',
      'Smileys are for children, so not for me.',
      'No emoji, please, words will do.',
      'I skip messages with little faces in them.',
      'Keep the pictures out of your messages.',
    ],
    evaluation: [
      'Please leave out the emoji.',
      'I cannot stand smileys in messages.',
      'Plain text without little pictures, please.',
    ],
  },
  'asked back': {
    training: [
      'Ask me something about it!',
      'I like it when people ask me things.',
      'Go on, you may ask me anything.',
      'Nobody ever asks me about it.',
      'I love a good question.',
      'Be curious, ask away.',
      'Feel free to ask me about it.',
      'You never ask me anything, do you want to?',
      'I enjoy it when a friend is curious.',
      'Ask me whatever you like.',
    ],
    evaluation: [
      'I love to be asked things.',
      'Go on, ask me something.',
      'People never ask me questions about it.',
    ],
  },
  'no questions': {
    training: [
      'Please do not ask me anything back.',
      'No questions, I have answered enough today.',
      'I do not like being questioned.',
      'Do not end with a question, please.',
      'People question me all day, so please do not.',
      'Just say something, without asking.',
      'Do not ask me about it, please.',
      'I hate it when people ask and ask.',
      'Please answer without a question.',
      'Spare me your questions.',
    ],
    evaluation: [
      'No questions please.',
      'I do not like to be asked things.',
      'Please do not question me back.',
    ],
  },
  list: {
    training: [
      'I think in lists and bullet points.',
      'Give me points that I can tick off.',
      'Put it as a list for me.',
      'Bullet points work best for me.',
      'I like things one below the other, as a list.',
      'Make it a little list, please.',
      'A list with points helps me.',
      'I read best when things are in bullets.',
      'Lists are my favourite, so make one.',
      'Write it down in points for me.',
    ],
    evaluation: [
      'Bullet points please.',
      'I like a list that I can tick off.',
      'Put it in points, one below the other.',
    ],
  },
  'no list': {
    training: [
      'And no bullet points, just talk to me.',
      'I do not like lists, write in sentences.',
      'Lists feel like work, so just talk.',
      'Please no lists, only plain sentences.',
      'Do not put it in points.',
      'I get enough bullet points at work.',
      'Bullet points make me nervous, so write normally.',
      'Write it in one piece, not as points.',
      'I never read lists.',
      'Talk to me in whole sentences, not in bullets.',
    ],
    evaluation: [
      'Please no bullet points.',
      'Just talk in sentences, no lists.',
      'I have had enough of lists.',
    ],
  },
  formal: {
    training: [
      'I should be grateful for a courteous reply.',
      'I would appreciate being addressed properly.',
      'Good manners matter a great deal to me.',
      'I prefer proper and polite language.',
      'Kindly write to me in a respectful tone.',
      'I do not care for slang.',
      'Please mind your language with me.',
      'I value proper manners in a letter.',
      'A polite tone, if you please.',
      'I would prefer that we remain formal.',
    ],
    evaluation: [
      'I would appreciate a polite and proper reply.',
      'Kindly use respectful language.',
      'Courteous language matters to me.',
    ],
  },
  casual: {
    training: [
      "hey, don't be stiff with me lol",
      "c'mon, talk to me like a buddy",
      'gonna be honest, fancy talk bores me',
      "yeah I'm easy going, just chat",
      'no need to be so proper, dude',
      "it's just us, so keep it loose",
      "lol relax, we're friends",
      "nah don't be so stiff",
      'haha just talk normal, will ya',
      'keep it chill, okay',
    ],
    evaluation: [
      'hey buddy, keep it loose',
      "don't be so proper with me lol",
      'yeah just chat, no fancy talk',
    ],
  },
};
