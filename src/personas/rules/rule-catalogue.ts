import type { Rule } from './persona-rule.ts';

/** A rule and the trait that puts it in words. */
export interface WordedRule {
  /** Short name, part of the personality's id. */
  readonly name: string;
  readonly rule: Rule;
  readonly text: string;
}

/** Two opposite rules about the same thing. */
export interface RuleChoice {
  /** No response follows both. */
  readonly sides: readonly [WordedRule, WordedRule];
  /** Words that appear in statements about the same thing. */
  readonly mentions: readonly string[];
}

/** All rules that can be drawn, with one or more choices of each kind. */
export const ruleCatalogue: readonly (readonly [RuleChoice, ...RuleChoice[]])[] = [
  [length({ atMost: 20, atLeast: 40 }), length({ atMost: 30, atLeast: 60 })],
  [
    {
      sides: [
        worded('emoji', { kind: 'emoji', wanted: true }, 'Likes answers with an emoji or two'),
        worded('no-emoji', { kind: 'emoji', wanted: false }, 'Dislikes emoji in answers'),
      ],
      mentions: ['emoji', 'emojis', 'emoticon', 'emoticons', 'smiley', 'smileys', 'hearts'],
    },
  ],
  [
    {
      sides: [
        worded('question', { kind: 'question', wanted: true }, 'Likes to be asked something back each time'),
        worded(
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
        worded('list', { kind: 'list', wanted: true }, 'Wants answers set out as a list with bullet points'),
        worded(
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
        worded(
          'formal',
          { kind: 'formality', wanted: 'formal' },
          'Wants formal answers, without slang and contractions',
        ),
        worded(
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

function worded(name: string, rule: Rule, text: string): WordedRule {
  return { name, rule, text };
}

function length({ atMost, atLeast }: { readonly atMost: number; readonly atLeast: number }): RuleChoice {
  return {
    sides: [
      worded(
        `at-most-${atMost}`,
        { kind: 'length', maxWords: atMost },
        `Loses patience with answers longer than ${atMost} words`,
      ),
      worded(
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

function vocabulary(words: readonly [string, string, string]): RuleChoice {
  const [first, second, third] = words;
  const listed = `"${first}", "${second}" or "${third}"`;
  return {
    sides: [
      worded(first, { kind: 'vocabulary', words, wanted: true }, `Enjoys words like ${listed} in answers`),
      worded(
        `no-${first}`,
        { kind: 'vocabulary', words, wanted: false },
        `Winces at words like ${listed} in answers`,
      ),
    ],
    mentions: words,
  };
}

/** The first word names the rule. Any of the words shows that a text is about the topic. */
function topic(name: string, words: readonly [string, ...string[]]): RuleChoice {
  const [first] = words;
  return {
    sides: [
      worded(first, { kind: 'topic', words, wanted: true }, `Is glad when an answer brings in ${name}`),
      worded(`no-${first}`, { kind: 'topic', words, wanted: false }, `Does not want to hear about ${name}`),
    ],
    mentions: words,
  };
}
