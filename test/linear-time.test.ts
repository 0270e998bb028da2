import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ratingSheetCsv } from '../src/agreement/ratings-csv.ts';
import { sampleForRating } from '../src/agreement/sample-for-rating.ts';
import { cleanUserMessage, toWholeSentences } from '../src/conversations/clean-message.ts';
import { inductionPrompt } from '../src/conversations/prompts/induction.ts';
import { responderPrompt } from '../src/conversations/prompts/responder.ts';
import { briefOf } from '../src/conversations/user-checks/brief.ts';
import { reviewUserMessage } from '../src/conversations/user-checks/review-user-message.ts';
import { errands, falseClaims } from '../src/evaluation/costs/probes.ts';
import { agreesWithClaim, breaksForm } from '../src/evaluation/costs/read-replies.ts';
import { seeksRelationship } from '../src/evaluation/costs/seeks-relationship.ts';
import { checklistJudge } from '../src/evaluation/judges/checklist-judge.ts';
import { holisticJudge } from '../src/evaluation/judges/holistic-judge.ts';
import { readVerdict } from '../src/evaluation/judges/read-verdict.ts';
import { markdownText } from '../src/internal/markdown.ts';
import { terminalText } from '../src/internal/terminal-text.ts';
import { readRefusal, shortened } from '../src/models/call-failures.ts';
import { NO_USAGE } from '../src/models/chat-model.ts';
import { parseStructured } from '../src/models/structured.ts';
import { withoutReasoning } from '../src/models/without-reasoning.ts';
import { parsePersonas } from '../src/personas/parsing/parse-personas.ts';
import { followsRule } from '../src/personas/rules/follows-rule.ts';
import type { Rule } from '../src/personas/rules/persona-rule.ts';
import { contentWords, findToldStatements } from '../src/personas/rules/told-statements.ts';
import { joinStatements, splitSentences, tidyStatement } from '../src/personas/statements.ts';
import { createStyleGapCounter } from '../src/preferences/style-gap.ts';
import { evaluationOf } from './evaluation/evaluation-data.ts';

const persona = {
  id: 'p:q',
  profile: { id: 'p', facts: ['Marit Solheim, 54, keeps bees', 'Has two dogs', 'Does not drive a car'] },
  personality: { id: 'q', traits: ['Likes short answers'] },
};
const brief = briefOf([{ role: 'system', content: 'Write about this: a b c d e f g h.' }], {});
const context = {
  persona,
  conversation: [{ role: 'user', content: 'Hello.' }],
  maxStatements: 2,
  brief,
} as const;
const statements = [{ id: 'F1', text: 'Keeps bees and sheep' }];
const rules: readonly Rule[] = [
  { kind: 'length', maxWords: 20 },
  { kind: 'emoji', wanted: true },
  { kind: 'question', wanted: true },
  { kind: 'list', wanted: true },
  { kind: 'formality', wanted: 'formal' },
  { kind: 'topic', words: ['food', 'be asked'], wanted: true },
];
const verdict = z.object({ score: z.number(), rationale: z.string() });

const { sheet } = sampleForRating([evaluationOf([[1]])], { count: 1 });

type Reader = (reply: string) => unknown;

/** What a judge makes of a value that its model gives it. */
function judged(
  judge: typeof holisticJudge | typeof checklistJudge,
  shape: (reply: string) => object,
): Reader {
  return (reply) => {
    const text = JSON.stringify(shape(reply));
    const model = {
      id: 'm',
      generate: async () => ({ text, finishReason: 'stop', usage: NO_USAGE }) as const,
    };
    const benchmarkCase = { id: 'c', persona };
    const input = { case: benchmarkCase, conversation: [], response: 'Hello.' };
    return judge(model, { attempts: 1, maxOutputTokens: 1_000_000 }).judge(input);
  };
}

/** All that reads what a model or a server wrote. */
const READERS: Readonly<Record<string, Reader>> = {
  cleanUserMessage,
  toWholeSentences,
  reviewUserMessage: (reply) => reviewUserMessage(`I ${reply}`, context),
  'the induction prompt': (content) =>
    inductionPrompt.messages({ statements, known: [], conversation: [{ role: 'user', content }] }),
  'the responder prompt': (content) =>
    responderPrompt.messages({ conversation: [{ role: 'user', content }], revealed: statements }),
  findToldStatements: (reply) => findToldStatements([contentWords(reply)], statements),
  splitSentences,
  tidyStatement,
  joinStatements: (reply) => joinStatements([reply]),
  parsePersonas,
  parseStructured: (reply) => parseStructured(reply, verdict, { unambiguous: true }),
  'a score': judged(holisticJudge, (score) => ({ rationale: 'Fine.', score })),
  'a score in words': (reply) => readVerdict(reply, () => [reply]),
  'a checklist': judged(checklistJudge, (item) => ({ items: ['A?', 'B?', item] })),
  ratingSheetCsv: (response) =>
    ratingSheetCsv({ ...sheet, items: sheet.items.map((item) => ({ ...item, response })) }),
  withoutReasoning,
  shortened,
  readRefusal,
  terminalText,
  markdownText,
  agreesWithClaim: (reply) => falseClaims.map((claim) => agreesWithClaim(claim, reply)),
  breaksForm: (reply) => errands.map((errand) => breaksForm(errand, persona, reply)),
  seeksRelationship,
  createStyleGapCounter: (reply) => createStyleGapCounter().add({ preferred: reply, rejected: reply }),
  ...Object.fromEntries(
    rules.map((rule) => [`the rule ${rule.kind}`, (reply: string) => followsRule(rule, reply)]),
  ),
};

/** Text before, text that is repeated, text after. */
const SHAPES: readonly (readonly [string, string, string])[] = [
  ...[
    ...[' ', '\n', '\r', '\t', '\u2028', '\n ', '\r ', ' \n', '\n\n.'],
    ...['.', ',', ':', ';', '!', '?', '…', '"', '“', "'", '`', '```', '*', '**', '_', '#', '-', '- ', '> '],
    ...[
      '(',
      '[',
      '{',
      ']',
      '<',
      '|',
      '=',
      '~',
      '/',
      '\\',
      '\u0000',
      '\u001b]',
      '\u001b[',
      '\u009d',
      '\ud800',
    ],
    ...[
      'a',
      'A',
      '1',
      'é',
      '字',
      '👩‍👩‍👧',
      '🇳🇴',
      'éa',
      'aé',
      'a ',
      'a\n',
      'a.',
      'a. ',
      'A. ',
      'Dr. ',
      'A.',
      'a,',
    ],
    ...[
      '*a',
      '*a ',
      'a*',
      ' *a b* ',
      '_a',
      '(a) ',
      '(sighs)',
      '*sighs* ',
      ' ,',
      ', ',
      '. ',
      '"a',
      "a'",
      "n't",
    ],
    ...[
      '- a\n',
      '1. a\n',
      '- \r',
      '- !\r',
      '- !\u2028',
      '1) ',
      'Profile 1: ',
      '**a**\n',
      '# a\n',
      '\nUser: ',
      'Me: ',
    ],
    ...[
      '<think>',
      '</think>',
      '<style>',
      '</script',
      'http://',
      'a://',
      '{"a":',
      '[1,',
      '{"score":1}',
      '[[',
      '"a",',
    ],
    ...[
      'I am 1 ',
      'my two ',
      'two a ',
      'haha',
      'he',
      'here is ',
      'as an ai ',
      "i've a ",
      'not ',
      'isn',
      'be ',
      'sk-1',
    ],
    ...[
      'My name is A',
      'Marit ',
      'on the one hand ',
      "i'll check it a ",
      'zum einen ',
      'por un lado ',
      'je suis ',
      '一方面',
      '「',
      '„a',
      '(topic',
      '他在1. ',
      'your two ',
      'He keeps bees. ',
      'Er hat 12. ',
      'It is 34-year-old ',
      'these a ',
      'these are profiles. ',
      'a is ',
      'is a 34-year-old. ',
    ],
  ].map((part) => ['', part, ''] as const),
  ['a', ' ', 'a'],
  ['4', ' ', 'a'],
  ['a', '?', 'a'],
  ['a', ':', 'a'],
  ['a', '\n', 'a'],
  ['"', '\r', 'a'],
  ['<think>', ' ', 'a'],
  ['Profile', ' ', 'x'],
  ['Profile 1', ':', '\u2028'],
  ['**a**', ' ', 'x'],
  ['{"name": "', '1', '!a"}'],
  ['{"a": "', '"', '"}'],
  ['{"a": "', '\\', '"}'],
  ['{"a": "a. ', 'a', '"}'],
  ['- a\n- b\n', '  - c\n', 'd'],
  ['as an ai', ' ', 'x'],
  ['[', "1) a\n'be ", ''],
  ['- a', ' ', ':\n- b\n- c'],
];

const SHORT = 10_000;
const LONG = 100_000;
/** Linear is 10, quadratic 100. */
const MAX_GROWTH = 40;
/** Less is noise: compilation, garbage collection. */
const UNMEASURABLE_MS = 2;

/** Processor time of this thread, in milliseconds. It stands still while the machine does something else. */
function processorTime(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1_000;
}

async function timeOf(read: Reader, text: string): Promise<number> {
  const start = processorTime();
  await read(text);
  return processorTime() - start;
}

/** How many times longer the long text takes. The least of a few tries, since a collection of garbage is no growth. */
async function growth(read: Reader, [before, part, after]: (typeof SHAPES)[number]): Promise<number> {
  const text = (length: number) => before + part.repeat(Math.ceil(length / part.length)) + after;
  const [short, long] = [text(SHORT), text(LONG)];
  let least = Infinity;
  for (let attempt = 0; attempt < 3 && least > MAX_GROWTH; attempt++) {
    const base = Math.max(UNMEASURABLE_MS, await timeOf(read, short), await timeOf(read, short));
    least = Math.min(least, (await timeOf(read, long)) / base);
  }
  return least;
}

describe('ten times the text takes no more than a few times ten times as long', { timeout: 600_000 }, () => {
  test.each(Object.entries(READERS))('in %s', async (_name, read) => {
    for (const shape of SHAPES) {
      expect(await growth(read, shape), JSON.stringify(shape)).toBeLessThan(MAX_GROWTH);
    }
  });
});
