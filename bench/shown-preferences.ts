import { assistant, type Message, system, user } from '../src/messages.ts';
import type { Prompt } from '../src/models/prompt.ts';
import type { Persona } from '../src/personas/persona.ts';
import { followsRule } from '../src/personas/rules/follows-rule.ts';
import type { PersonaRule } from '../src/personas/rules/persona-rule.ts';
import { countWords } from '../src/personas/rules/text-features.ts';

/** A message and possible responses: formal, casual, long and as a list. */
const EXCHANGES = [
  {
    said: 'I planted tomatoes today.',
    formal: 'I am glad to hear it.',
    casual: "Yeah, that's great!",
    more: 'Fresh tomatoes have a taste of their own, and there is much pleasure in watching them grow from week to week.',
    items: ['Water them.', 'Tie them up.'],
    question: 'How many?',
  },
  {
    said: 'My bus was late again.',
    formal: 'I am sorry to hear it.',
    casual: "Ugh, that's a pain!",
    more: 'Waiting at a stop is tiresome, all the more so when nobody tells you how long it will take this time.',
    items: ['Leave early.', 'Ask around.'],
    question: 'Home by now?',
  },
  {
    said: 'I baked bread this morning.',
    formal: 'I am happy for you.',
    casual: "Wow, I'm jealous!",
    more: 'Few things are as good as a loaf from one’s own oven, with a crust that cracks and a crumb that is still warm.',
    items: ['Let it cool.', 'Wrap it.'],
    question: 'Which flour?',
  },
] as const;

const FILLER = {
  formal: [
    'I think of you, and I hope that the rest of the day is kind to you.',
    'Take your time, and tell me all about it whenever you feel like it.',
    'There is no hurry at all, and I am here to listen for as long as you want.',
  ],
  casual: [
    "I'm thinking of you, and I hope that the rest of the day's kind to you, yeah.",
    "Take your time, and tell me all about it when you wanna, that's what I'm here for.",
    "There's no hurry at all, and I'm gonna listen for as long as you want.",
  ],
} as const;

/**
 * Shows a persona's rules by example: three exchanges in which the assistant responds as this person likes. A very small
 * model does not follow a preference in words, but it continues in the style of the examples.
 */
export const shownPreferencesPrompt: Prompt<{ readonly persona: Persona }> = {
  id: 'shown-preferences',
  version: 1,
  messages({ persona: { rules: preferences = [] } }) {
    return [
      system('You chat with a person and answer in the way that suits them.'),
      ...EXCHANGES.flatMap((exchange): Message[] => [
        user(exchange.said),
        assistant(likedReply(exchange, preferences)),
      ]),
    ];
  },
};

function likedReply(exchange: (typeof EXCHANGES)[number], preferences: readonly PersonaRule[]): string {
  const wants = (kind: 'emoji' | 'question' | 'list') =>
    preferences.some((each) => each.kind === kind && each.wanted === true);
  const [vocabulary, topic] = [namedBy(preferences, 'vocabulary'), namedBy(preferences, 'topic')];
  const length = preferences.find((each) => each.kind === 'length');
  const casual = preferences.some((each) => each.kind === 'formality' && each.wanted === 'casual');
  const tone = casual ? 'casual' : 'formal';

  const sentences: string[] = [exchange[tone]];
  if (vocabulary !== undefined) sentences.push(`${vocabulary[0]!.toUpperCase()}${vocabulary.slice(1)}!`);
  if (topic !== undefined) sentences.push(`It is like ${topic}.`);
  for (const more of [exchange.more, ...FILLER[tone]]) {
    if (countWords(sentences.join(' ')) < (length?.minWords ?? 0)) sentences.push(more);
  }
  const parts = [
    sentences.join(' '),
    ...(wants('list') ? exchange.items.map((item) => `- ${item}`) : []),
    ...(wants('question') ? [exchange.question] : []),
  ];
  const reply = `${parts.join(wants('list') ? '\n' : ' ')}${wants('emoji') ? ' 😊' : ''}`;
  const missed = preferences.filter((preference) => !followsRule(preference, reply));
  if (missed.length > 0) throw new Error(`An example misses ${JSON.stringify(missed)}: ${reply}`);
  return reply;
}

/** The first word that a rule wants to see. */
function namedBy(preferences: readonly PersonaRule[], kind: 'vocabulary' | 'topic'): string | undefined {
  const preference = preferences.find((each) => each.kind === kind && each.wanted === true);
  return preference !== undefined && 'words' in preference ? preference.words[0] : undefined;
}
