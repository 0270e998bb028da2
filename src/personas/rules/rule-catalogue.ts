import type { Rule } from './persona-rule.ts';

/** A preference, and how the persona says it. */
export interface StatedPreference {
  /** Short name: ids of personalities are told apart by it. */
  readonly name: string;
  readonly rule: Rule;
  readonly text: string;
}

/** One thing that people want either way. */
export interface PreferenceChoice {
  /** Opposites: no response meets both. */
  readonly sides: readonly [StatedPreference, StatedPreference];
  /** Words that give away a statement about the same thing. */
  readonly mentions: readonly string[];
}

/** What preferences are drawn from: of each kind one choice or several. */
export const preferenceCatalogue: readonly (readonly [PreferenceChoice, ...PreferenceChoice[]])[] = [
  [length({ atMost: 20, atLeast: 40 }), length({ atMost: 30, atLeast: 60 })],
  [
    {
      sides: [
        stated('emoji', { kind: 'emoji', wanted: true }, 'Likes answers with an emoji or two'),
        stated('no-emoji', { kind: 'emoji', wanted: false }, 'Dislikes emoji in answers'),
      ],
      mentions: ['emoji', 'emojis', 'emoticon', 'emoticons', 'smiley', 'smileys', 'hearts'],
    },
  ],
  [
    {
      sides: [
        stated('question', { kind: 'question', wanted: true }, 'Likes to be asked something back each time'),
        stated(
          'no-question',
          { kind: 'question', wanted: false },
          'Dislikes being asked questions in return',
        ),
      ],
      mentions: ['question', 'questions', 'be asked', 'being asked'],
    },
  ],
  [
    {
      sides: [
        stated('list', { kind: 'list', wanted: true }, 'Wants answers set out as a list with bullet points'),
        stated(
          'no-list',
          { kind: 'list', wanted: false },
          'Wants answers in plain sentences, never as a list',
        ),
      ],
      mentions: ['list', 'lists', 'bullet', 'bullets', 'bulleted', 'numbered', 'steps', 'columns'],
    },
  ],
  [
    {
      sides: [
        stated(
          'formal',
          { kind: 'formality', wanted: 'formal' },
          'Wants formal answers, without slang and contractions',
        ),
        stated(
          'casual',
          { kind: 'formality', wanted: 'casual' },
          'Wants casual answers, with slang and contractions',
        ),
      ],
      mentions: [
        ...['formal', 'formally', 'formality', 'informal', 'casual', 'slang', 'contractions', 'businesslike'],
        ...['polite', 'politely', 'politeness', 'swears', 'curses'],
      ],
    },
  ],
  [
    vocabulary(['wonderful', 'lovely', 'splendid']),
    vocabulary(['honestly', 'frankly', 'truly']),
    vocabulary(['absolutely', 'definitely', 'certainly']),
  ],
  [
    topic('food and cooking', [
      'food',
      'cook',
      'cooking',
      'meal',
      'meals',
      'recipe',
      'recipes',
      'dinner',
      'lunch',
    ]),
    topic('music', [
      'music',
      'musical',
      'song',
      'songs',
      'sing',
      'singing',
      'tune',
      'tunes',
      'band',
      'concert',
    ]),
    topic('the weather', [
      'weather',
      'rain',
      'rainy',
      'sun',
      'sunny',
      'sunshine',
      'wind',
      'windy',
      'snow',
      'storm',
    ]),
    topic('animals', ['animal', 'animals', 'dog', 'dogs', 'cat', 'cats', 'bird', 'birds', 'horse', 'horses']),
    topic('books', ['book', 'books', 'reading', 'novel', 'novels', 'poem', 'poems', 'author', 'library']),
  ],
];

function stated(name: string, rule: Rule, text: string): StatedPreference {
  return { name, rule, text };
}

function length({
  atMost,
  atLeast,
}: {
  readonly atMost: number;
  readonly atLeast: number;
}): PreferenceChoice {
  return {
    sides: [
      stated(
        `at-most-${atMost}`,
        { kind: 'length', maxWords: atMost },
        `Loses patience with answers longer than ${atMost} words`,
      ),
      stated(
        `at-least-${atLeast}`,
        { kind: 'length', minWords: atLeast },
        `Feels brushed off by answers shorter than ${atLeast} words`,
      ),
    ],
    mentions: [
      ...['short', 'shorter', 'long', 'longer', 'brief', 'briefly', 'length', 'concise', 'wordy'],
      ...['paragraph', 'paragraphs', 'one-liner', 'telegram', 'single word', 'few words'],
    ],
  };
}

function vocabulary(words: readonly [string, string, string]): PreferenceChoice {
  const [first, second, third] = words;
  const listed = `"${first}", "${second}" or "${third}"`;
  return {
    sides: [
      stated(first, { kind: 'vocabulary', words, wanted: true }, `Enjoys words like ${listed} in answers`),
      stated(
        `no-${first}`,
        { kind: 'vocabulary', words, wanted: false },
        `Winces at words like ${listed} in answers`,
      ),
    ],
    mentions: words,
  };
}

/** The first word names the topic; the others show as well that it is talked about. */
function topic(name: string, words: readonly [string, ...string[]]): PreferenceChoice {
  const [first] = words;
  return {
    sides: [
      stated(first, { kind: 'topic', words, wanted: true }, `Is glad when an answer brings in ${name}`),
      stated(`no-${first}`, { kind: 'topic', words, wanted: false }, `Does not want to hear about ${name}`),
    ],
    mentions: words,
  };
}
