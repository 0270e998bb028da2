import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../../src/errors.ts';
import { parsePersonas } from '../../../src/personas/parsing/parse-personas.ts';

const NURSE = ['Is 34', 'Works as a nurse', 'Has a son'];
const FISHER = ['Is 61', 'Fishes for lobster', 'Sings in a choir'];
const BOTH = [NURSE, FISHER];
const NURSE_PROSE = 'She is a 34-year-old nurse. She has a son. She cycles to work.';
const FISHER_PROSE = 'He is 61. He fishes for lobster. He sings in a choir.';
const BOTH_PROSE = [
  ['She is a 34-year-old nurse', 'She has a son', 'She cycles to work'],
  ['He is 61', 'He fishes for lobster', 'He sings in a choir'],
];
const json = JSON.stringify;
const bullets = (statements: readonly string[], mark = '-') =>
  statements.map((text) => `${mark} ${text}`).join('\n');
const numbers = (statements: readonly string[]) =>
  statements.map((text, i) => `${i + 1}. ${text}`).join('\n');

describe('parsePersonas reads two people from', () => {
  it.each<[string, string]>([
    ['an array of arrays', json(BOTH)],
    ['a wrapped array of arrays', json({ profiles: BOTH })],
    ['a wrapped array next to other members', json({ count: 2, profiles: BOTH, note: 'Both are new.' })],
    [
      'a code fence with chatter around',
      `Sure! Here you go:\n\n\`\`\`json\n${json(BOTH)}\n\`\`\`\nHope this helps!`,
    ],
    ['an array of objects with facts', json(BOTH.map((facts) => ({ facts })))],
    [
      'an array of objects with a number',
      json(BOTH.map((traits, id) => ({ id, name: `Person ${id}`, traits }))),
    ],
    ['an array of objects with free text', json(BOTH.map((facts) => ({ profile: `${facts.join('. ')}.` })))],
    ['members named after the people', json({ profile1: NURSE, profile2: FISHER })],
    ['members with names of people', json({ Maria: NURSE, Ruth: FISHER })],
    ['an array of paragraphs', json(BOTH.map((facts) => `${facts.join('. ')}.`))],
    [
      'JSON with unquoted keys, single quotes and a trailing comma',
      "{profiles: [['Is 34', 'Works as a nurse', 'Has a son'], ['Is 61', 'Fishes for lobster', 'Sings in a choir'],]}",
    ],
    ['JSON without its closing brackets', json({ profiles: BOTH }).slice(0, -3)],
    ['one array per line', BOTH.map((facts) => json(facts)).join('\n')],
    ['numbered arrays', BOTH.map((facts, i) => `${i + 1}. ${json(facts)}`).join('\n')],
    ['two code fences', BOTH.map((facts) => `\`\`\`json\n${json(facts)}\n\`\`\``).join('\n\n')],
    ['JSON after a bracketed remark', `[Note] New people below.\n${json({ profiles: BOTH })}`],
    [
      'bullets under numbers with names',
      `Here are the profiles:\n\n1. **Maria**\n${bullets(NURSE, '   -')}\n\n2. **Ruth**\n${bullets(FISHER, '   -')}\n\nI hope these help!`,
    ],
    ['unindented bullets under numbers', `1. Maria\n${bullets(NURSE)}\n2. Ruth\n${bullets(FISHER)}`],
    [
      'bold labels with stars',
      `**Profile 1:**\n${bullets(NURSE, '*')}\n\n**Profile 2:**\n${bullets(FISHER, '*')}`,
    ],
    ['labels with numbered facts', `Profile 1:\n${numbers(NURSE)}\n\nProfile 2:\n${numbers(FISHER)}`],
    [
      'Markdown headings',
      `# New people\n\n## Profile 1: The nurse\n${bullets(NURSE, '•')}\n\n---\n\n## Profile 2: The fisher\n${bullets(FISHER, '•')}`,
    ],
    ['nested bullets', `- **Person 1**\n${bullets(NURSE, '  -')}\n- **Person 2**\n${bullets(FISHER, '  -')}`],
    ['names above bullets', `Maria\n${bullets(NURSE)}\n\nRuth\n${bullets(FISHER)}`],
    ['numbers that restart', `${numbers(NURSE)}\n\n${numbers(FISHER)}`],
    ['bullets in two blocks', `${bullets(NURSE)}\n\n${bullets(FISHER)}`],
    [
      'clauses with semicolons',
      '1. Is 34; Works as a nurse; Has a son\n2. Is 61; Fishes for lobster; Sings in a choir',
    ],
    ['one fact per line in two blocks', `${NURSE.join('.\n')}.\n\n${FISHER.join('.\n')}.`],
    [
      'Windows line endings',
      `Profile 1:\r\n${bullets(NURSE).replaceAll('\n', '\r\n')}\r\n\r\nProfile 2:\r\n${bullets(FISHER).replaceAll('\n', '\r\n')}`,
    ],
    [
      'a reply after reasoning',
      `<think>1. Maybe a nurse. 2. Or a fisher?</think>\n${json({ profiles: BOTH })}`,
    ],
  ])('%s', (_name, reply) => {
    expect(parsePersonas(reply)).toEqual({ entries: BOTH, dropped: [] });
  });

  it.each<[string, string]>([
    ['numbered prose', `1. ${NURSE_PROSE}\n2. ${FISHER_PROSE}`],
    ['numbers with brackets', `1) ${NURSE_PROSE}\n\n2) ${FISHER_PROSE}`],
    ['bold numbers', `**1.** ${NURSE_PROSE}\n**2.** ${FISHER_PROSE}`],
    ['bold titles', `1. **The nurse:** ${NURSE_PROSE}\n2. **The fisher:** ${FISHER_PROSE}`],
    ['labelled prose', `Profile 1: ${NURSE_PROSE}\n\nProfile 2: ${FISHER_PROSE}`],
    ['bulleted prose', `* ${NURSE_PROSE}\n* ${FISHER_PROSE}`],
    [
      'paragraphs',
      `Sure! Here are 2 profiles:\n\n${NURSE_PROSE}\n\n${FISHER_PROSE}\n\nLet me know if you want more!`,
    ],
    ['a line each', `${NURSE_PROSE}\n${FISHER_PROSE}`],
    ['strings in JSON', json({ profiles: [NURSE_PROSE, FISHER_PROSE] })],
    ['headings above prose', `### Maria\n${NURSE_PROSE}\n\n### Ruth\n\n${FISHER_PROSE}`],
    [
      'lines broken in mid-sentence',
      `1. ${NURSE_PROSE.replace('has a', 'has\n   a')}\n2. ${FISHER_PROSE.replace('in a', 'in\n   a')}`,
    ],
  ])('%s', (_name, reply) => {
    expect(parsePersonas(reply)).toEqual({ entries: BOTH_PROSE, dropped: [] });
  });
});

describe('parsePersonas', () => {
  it('reads a flat list as one person', () => {
    const traits = ['Outgoing and loud', 'Great listener', 'Hates silence', 'Sure of himself'];
    expect(parsePersonas(json(traits)).entries).toEqual([traits]);
    expect(parsePersonas(numbers(traits)).entries).toEqual([traits]);
    expect(parsePersonas(`Here are the traits:\n\n${bullets(traits)}`).entries).toEqual([traits]);
    expect(parsePersonas(traits.join('\n\n')).entries).toEqual([traits]);
  });

  it('turns attributes into statements', () => {
    const person = {
      name: 'Maria',
      age: 34,
      homeTown: 'Leeds',
      hobbies: ['yoga', 'chess'],
      married: false,
      pet: null,
    };
    const statements = ['Name: Maria', 'Age: 34', 'Home town: Leeds', 'Hobbies: yoga, chess', 'Married: no'];
    expect(parsePersonas(json([person])).entries).toEqual([statements]);
    expect(
      parsePersonas('Name: Maria\nAge: 34\nJob: nurse\n\nName: Ruth\nAge: 61\nJob: fisher').entries,
    ).toEqual([
      ['Name: Maria', 'Age: 34', 'Job: nurse'],
      ['Name: Ruth', 'Age: 61', 'Job: fisher'],
    ]);
  });

  it('keeps the category of a short item', () => {
    const reply = '1. Maria\n   - Work:\n     - nurse\n     - nights\n   - Family:\n     - one son';
    expect(parsePersonas(reply).entries).toEqual([['Work: nurse', 'Work: nights', 'Family: one son']]);
  });

  it('keeps an informative heading', () => {
    const reply = `1. Maria, 34, nurse\n${bullets(['Has a son', 'Cycles'], '   -')}`;
    expect(parsePersonas(reply).entries).toEqual([['Maria, 34, nurse', 'Has a son', 'Cycles']]);
  });

  it('reports entries with too few statements as dropped', () => {
    expect(parsePersonas(json({ profiles: [NURSE, ['Is 61', 'Is 61.']] }))).toEqual({
      entries: [NURSE],
      dropped: [{ reason: 'too-few-statements', text: 'Is 61 Is 61.' }],
    });
    expect(parsePersonas('1. A nurse from Leeds\n2. A fisher').dropped).toHaveLength(1);
    expect(parsePersonas(json([['Is 34']]), { minStatements: 1 }).entries).toEqual([['Is 34']]);
  });

  it('reads twenty lines about different people as twenty people', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `A ${i + 20}-year-old baker`);
    const parsed = parsePersonas(json({ profiles: lines }));
    expect(parsed.entries).toEqual([]);
    expect(parsed.dropped.map(({ reason }) => reason)).toEqual(Array(20).fill('too-few-statements'));
  });

  it.each([
    "I'm sorry, but I can't help with that. It could hurt people. Please ask for something else.",
    'As an AI language model, I have no access to people. I cannot invent them. Sorry.',
    'I cannot create profiles of people.',
  ])('reports a refusal: %s', (reply) => {
    const { entries, dropped } = parsePersonas(reply);
    expect(entries).toEqual([]);
    expect(dropped.map(({ reason }) => reason)).toEqual(['refusal']);
  });

  it('ignores an apology before the people', () => {
    const reply = `I'm sorry, I can only do two:\n\n1. ${NURSE_PROSE}\n2. ${FISHER_PROSE}`;
    expect(parsePersonas(reply).entries).toEqual(BOTH_PROSE);
  });

  it.each(['', ' \n ', '```json\n[]\n```', '{"profiles": []}', '<think>Who could it be', '42'])(
    'reports a reply without people: %j',
    (reply) => {
      const { entries, dropped } = parsePersonas(reply);
      expect(entries).toEqual([]);
      expect(dropped).toHaveLength(1);
      expect(dropped[0]!.reason).not.toBe('refusal');
    },
  );

  it('leaves out the last statement of a truncated reply', () => {
    const cut = `{"profiles": [${json(NURSE)}, ["Is 61", "Fishes for lobster", "Sings in a choir", "Has a dog nam`;
    expect(parsePersonas(cut, { truncated: true }).entries).toEqual(BOTH);
    expect(
      parsePersonas(`1. ${NURSE_PROSE}\n2. ${FISHER_PROSE} He has a do`, { truncated: true }).entries,
    ).toEqual(BOTH_PROSE);
  });

  it('applies its limits', () => {
    const many = Array.from({ length: 30 }, (_, i) => `Likes number ${i}`);
    expect(parsePersonas(json([many])).entries[0]).toEqual(many.slice(0, 12));
    const long = parsePersonas(json([['word '.repeat(200), 'Is 34', 'Has a son']])).entries[0]!;
    expect(long[0]!.length).toBeLessThanOrEqual(300);
    expect(() => parsePersonas('', { minStatements: 0 })).toThrow(InvalidOptionError);
  });

  const piece = fc.oneof(
    fc.constantFrom(
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      ',',
      ':',
      '\n',
      '\n\n',
      '- ',
      '1. ',
      '2) ',
      '**',
      '## ',
      '`'.repeat(3),
      '<think>',
      '</think>',
      '  ',
      '; ',
      'Profile 1:',
      'Sure!',
      '"facts": [',
      'I cannot create',
      '\\',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('Is 34', 'Works as a nurse. ', 'She has a son. ', 'e.g. ', 'Dr. '),
  );

  it('never throws and always applies its limits, whatever the reply', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.boolean(), (pieces, truncated) => {
        const { entries, dropped } = parsePersonas(pieces.join(''), { truncated });
        expect(entries.length + dropped.length).toBeGreaterThan(0);
        for (const statements of entries) {
          expect(statements.length).toBeGreaterThanOrEqual(3);
          expect(statements.length).toBeLessThanOrEqual(12);
          expect(new Set(statements).size).toBe(statements.length);
          for (const text of statements) {
            expect(text).toBe(text.trim());
            expect(text.length).toBeGreaterThan(0);
            expect(text.length).toBeLessThanOrEqual(300);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('reads any statements written as JSON', () => {
    const word = fc.stringMatching(/^[a-z]{2,8}$/);
    const statement = fc
      .array(word, { minLength: 2, maxLength: 5 })
      .map((words) => `Likes ${words.join(' ')}`);
    const person = fc.uniqueArray(statement, { minLength: 3, maxLength: 10 });
    fc.assert(
      fc.property(fc.array(person, { minLength: 2, maxLength: 6 }), (people) => {
        expect(parsePersonas(json({ profiles: people })).entries).toEqual(people);
        const text = people.map((facts, i) => `Profile ${i + 1}:\n${bullets(facts)}`).join('\n\n');
        expect(parsePersonas(text).entries).toEqual(people);
      }),
    );
  });

  it.each([
    '['.repeat(50_000),
    '{"a":'.repeat(20_000),
    `${'['.repeat(5_000)}"x"${']'.repeat(5_000)}`,
    '- '.repeat(50_000),
    `${' '.repeat(3)}- a\n`.repeat(5_000),
  ])('handles a reply that never ends (%#)', (reply) => {
    expect(parsePersonas(reply).dropped.length).toBeGreaterThan(0);
  });
});
