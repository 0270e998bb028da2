import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aloeCases, aloeCaseTags } from '../../../src/benchmark/aloe-cases.ts';
import { reviewUserMessage } from '../../../src/conversations/user-checks/review-user-message.ts';
import { assistant, user } from '../../../src/messages.ts';
import { type Persona, pairPersona } from '../../../src/personas/persona.ts';
import { seedPersonalities } from '../../../src/personas/seed-personalities.ts';
import { seedProfiles } from '../../../src/personas/seed-profiles.ts';

const marit: Persona = pairPersona(
  {
    id: 'marit',
    facts: [
      'Marit Solheim, 54, forecasts avalanches for the county of Troms in northern Norway',
      'Lives alone in a yellow house on Kvaløya island',
      'Broke a collarbone in a snow slide in 2009 and still skis the same valley',
      'Keeps two retired sled dogs, Pelle and Grus',
      'Knits only during night shifts, always the same mitten pattern',
      'Has never owned a television set',
      'Plays draughts for small stakes',
    ],
  },
  seedPersonalities[0]!,
);

const review = (reply: string, earlier: readonly string[] = [], maxStatements = 2) =>
  reviewUserMessage(reply, {
    persona: marit,
    conversation: earlier.map((text, index) => (index % 2 === 0 ? user(text) : assistant(text))),
    maxStatements,
  });
const problemOf = (reply: string, earlier: readonly string[] = []) => {
  const result = review(reply, earlier);
  return result.ok ? null : result.problem;
};

describe('a message that a person could send passes', () => {
  test.each([
    "Here's the thing: bees do not read.",
    'My boss: be quick. Me: no.',
    "I can't write today, my hands hurt.",
    "I'm sorry, but I can't come on Friday.",
    "I can't pretend that all is well.",
    'I am an AI researcher in Vigo and it rains.',
    'I started as an assistant at the clinic.',
    'I work as a virtual assistant for two dentists.',
    'We do role-playing games on Thursdays, I am the wizard.',
    'That is so in character for him!',
    "That person's dog barked all night.",
    'The person who called hung up.',
    'I love my friend: she is 90.',
    'Sure, I will be there.',
    'Can you help me with the mittens?',
    'Let me know if you come on Friday.',
    "Hi! Marit is a stupid name, isn't it?",
    "I'm 54 and my knees know it.",
    "I'm 30 minutes late again.",
    'I am 2 of 10 on the list.',
    'My name is Marit, not Maria.',
    'My two dogs howl at the moon.',
    'I have three meetings today.',
    'I never want to see that valley again.',
    "I don't want to cross the valley today.",
    'When I was 20 I skied all day.',
  ])('%j', (reply) => {
    expect(review(reply)).toEqual({ ok: true, value: reply });
  });
});

describe('a message that no person would send is rejected', () => {
  test.each(['', '   \n', '...', '"*smiles*"', '*laughs*', 'Me:', '(sighs)'])('as empty: %j', (reply) => {
    expect(problemOf(reply)).toBe('empty');
  });

  test.each([
    "I'm sorry, but I can't assist with that.",
    'I’m sorry, I can’t do that.',
    'I cannot fulfill this request.',
    "I'm not able to role-play as a real person.",
    'I cannot create content of this kind.',
    'That is against my guidelines.',
  ])('as a refusal: %j', (reply) => {
    expect(problemOf(reply)).toBe('refusal');
  });

  test.each([
    'The person would say that the bees are back.',
    'I will stay in character. The bees are back.',
    'In this role-play, the bees are back.',
  ])('as talk about the role: %j', (reply) => {
    expect(problemOf(reply)).toBe('role-slip');
  });

  test.each([
    'Friend: The bees are back!',
    'The friend answers: good.\nMe: yes',
    'Write about this: Keeps bees.',
    'Hey Marit, that sounds tough!',
    'Thank you, Marit, that helps.',
    'Marit, that sounds tough!',
  ])('as the other side: %j', (reply) => {
    expect(problemOf(reply)).toBe('role-reversal');
  });

  test.each(['Seung-woo', "D'Arcy"])('as the other side, to somebody called %s', (name) => {
    const persona = pairPersona(
      { id: 'named', facts: [`${name} Bae, 31, is a nurse`] },
      seedPersonalities[0]!,
    );
    const about = { persona, conversation: [], maxStatements: 2 };
    expect(reviewUserMessage(`Hey ${name}, that sounds tough!`, about).ok).toBe(false);
    expect(reviewUserMessage('Hey, that sounds tough!', about).ok).toBe(true);
  });

  test.each([
    'As an AI, I have no bees.',
    'As a large language model I have no bees.',
    "I'm just an AI assistant and have no bees.",
    'I am your helpful assistant.',
    'Hello! How can I help you today?',
    "I'm here to help you with your bees.",
    "I'd be happy to help you with that.",
    'Is there anything else I can help you with?',
    'Feel free to reach out.',
    'Let me know if you have any other questions!',
    'Certainly! Here is what I think.',
    'Some ideas:\n1. Rest.\n2. Drink.\n3. Sleep.',
  ])('as an assistant: %j', (reply) => {
    expect(problemOf(reply)).toBe('assistant-voice');
  });

  test('as a repetition of either side, ignoring case and punctuation', () => {
    expect(problemOf('the bees are BACK', ['Hello.', 'The bees are back!'])).toBe('repetition');
    expect(problemOf('The bees are back again', ['The bees are back!'])).toBeNull();
  });

  test('if it is short, only as a repetition of its own last message', () => {
    expect(problemOf('ok', ['Ok.', 'Shall I go on?', 'sure', 'Ok.'])).toBeNull();
    expect(problemOf('OK!', ['sure', 'Shall I go on?', 'ok', 'And then?'])).toBe('repetition');
  });

  test('as a long sentence said before, with other words around it', () => {
    const before = 'Anyway. The wind took half of the roof off the shed last night. Bye.';
    expect(problemOf('"The wind took half of the roof off the shed last night." You?', [before])).toBeNull();
    expect(problemOf('Hm. The wind took half of the roof off the shed last night! Ugh.', [before])).toBe(
      'repetition',
    );
  });
});

test('a message half of which was said before is a repetition, in rows of eight words', () => {
  const before = 'Anyway, the wind took half of the roof off the shed. Bye.';
  const problemAfter = (message: string, said = before) => problemOf(message, [said, 'Well.']);
  const row = 'the wind took half of the roof off the shed';
  expect(problemAfter(`So ${row}, and who pays now? I do, again, me alone.`)).toBe('repetition');
  expect(problemAfter(`So ${row}, and who pays now? I do, again, me alone, hm.`)).toBeNull();
  expect(problemAfter(`“${row}”, and who pays?`)).toBeNull();
  // The other side may have said it.
  expect(problemOf(`So ${row}, yes, tell me.`, ['Hello there.', before])).toBeNull();
  expect(problemAfter('So the wind took half of the roof, did it?')).toBeNull();
  expect(problemAfter('So the wind took half of the roof off, did it?')).toBe('repetition');
  const chinese = '昨天晚上大风把棚子的屋顶吹掉了一半';
  expect(problemAfter(`唉，${chinese}啊`, `${chinese}。`)).toBe('repetition');
  expect(problemAfter('唉，昨天晚上大风把棚子啊', `${chinese}。`)).toBeNull();
  const cooking = 'I have been trying to cook 麻婆豆腐 lately.';
  expect(problemAfter(cooking, 'Hey! I have been trying to bake more lately.')).toBeNull();
});

describe('a contradiction of the facts is found, and kept as a fallback:', () => {
  test.each([
    ["I'm 34 and tired.", 'age 54'],
    ['I just turned 40!', 'age 54'],
    ['As I am a 23-year-old student, no.', 'age 54'],
    ['My name is Ingrid.', 'Marit Solheim'],
    ['My three dogs ate the mittens.', 'two retired sled dogs'],
    ['We have four dogs here.', 'two retired sled dogs'],
    ["I don't play draughts.", 'Plays draughts'],
    ['I never knit mittens.', 'Knits only'],
    ['I owned a television set for years.', 'never owned a television'],
  ])('%j', (reply, statement) => {
    const result = review(reply);
    expect(result).toMatchObject({ ok: false, problem: 'contradiction', fallback: reply });
    expect(result.ok ? '' : result.reason).toContain(statement);
  });

  test('there may have been a birthday since', () => {
    expect(problemOf("I'm 55 and tired.")).toBeNull();
    expect(problemOf("I'm 56 and tired.")).toBe('contradiction');
  });

  test('a number that is another one of the facts is no age, unless the words say so', () => {
    const pupil = pairPersona(
      { id: 'yifan', facts: ['Cheng Yifan, 17, goes to a boarding school', 'Ranks 31st of 54 in his class'] },
      seedPersonalities[0]!,
    );
    const reviewPupil = (message: string) =>
      reviewUserMessage(message, { persona: pupil, conversation: [], maxStatements: 2 });
    expect(reviewPupil("the boy with the orange is 6th. i'm 31, by the way").ok).toBe(true);
    for (const message of ["i'm 31 years old", "i'm 30, by the way"]) {
      expect(reviewPupil(message)).toMatchObject({
        problem: 'contradiction',
        reason: expect.stringMatching(/^"i'm 3[01]" contradicts what is true of the person: age 17$/),
      });
    }
  });
});

describe('revealing too much at once', () => {
  const three =
    'I forecast avalanches in Troms, keep two sled dogs, and knit mittens during night shifts, always one pattern.';

  test('means more statements of the persona than the maximum', () => {
    expect(review(three)).toMatchObject({ ok: false, problem: 'oversharing', fallback: three });
    expect(review(three, [], 3).ok).toBe(true);
  });

  test('does not mean one fact told at length', () => {
    expect(
      problemOf('My yellow house on Kvaløya island creaks when I am alone and it storms at night.'),
    ).toBeNull();
  });
});

test('every persona of the benchmark has a name that is recognised in greetings, including hyphens and apostrophes', () => {
  for (const { persona } of aloeCases()) {
    const { name } = aloeCaseTags[persona.profile.id.replace('-profile', '')]!;
    const context = { persona, conversation: [], maxStatements: 2 };
    expect(reviewUserMessage(`Hey ${name}, how are you?`, context), name).toMatchObject({
      problem: 'role-reversal',
    });
    expect(reviewUserMessage('Hey, how are you?', context).ok).toBe(true);
  }
});

test('a review never throws, whatever the reply', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string(), { maxLength: 3 }), (reply, earlier) => {
      const result = review(reply, earlier);
      expect(result.ok ? result.value.trim() : result.reason).not.toBe('');
    }),
    { numRuns: 300 },
  );
});

describe('over all personas of the benchmark and all seed profiles', () => {
  const people = [
    ...aloeCases().map(({ persona }) => persona),
    ...seedProfiles.map((profile, index) =>
      pairPersona(profile, seedPersonalities[index % seedPersonalities.length]!),
    ),
  ];
  const review = (persona: Persona, message: string) =>
    reviewUserMessage(message, { persona, conversation: [], maxStatements: 1 });

  test('a fact in the first person passes and counts as one', () => {
    for (const persona of people) {
      for (const fact of persona.profile.facts) {
        const result = review(persona, `I ${inFirstPerson(fact)}.`);
        expect(result.ok ? '' : `${result.problem}: ${fact}`).toBe('');
      }
    }
  });

  test('most denied facts are found: a single content word is not enough to be sure', () => {
    const plain = people.flatMap((persona) =>
      persona.profile.facts
        .filter((fact) => !/\b(?:not|never|no)\b|n't/i.test(fact))
        .map((fact) => review(persona, `I never ${inFirstPerson(fact)}.`)),
    );
    const found = plain.filter((result) => !result.ok && result.problem === 'contradiction').length;
    expect(found / plain.length).toBeGreaterThan(0.85);
  });
});

/** Turns "Keeps bees" and "Ada, 40, keeps bees" into "keep bees". Rough, but good enough. */
function inFirstPerson(fact: string): string {
  const [, verb, rest] = /^(?:\p{Lu}[^,]*, \d+, )?(\p{L}+)(.*)$/u.exec(fact)!;
  const own = { is: 'am', has: 'have' }[verb!.toLowerCase()] ?? verb!.toLowerCase().replace(/(?<!s)s$/, '');
  return `${own}${rest}`;
}
