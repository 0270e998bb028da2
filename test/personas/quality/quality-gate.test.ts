import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aloeCases } from '../../../src/benchmark/aloe-cases.ts';
import { parsePersonas } from '../../../src/personas/parsing/parse-personas.ts';
import {
  personalityGenerationPrompt,
  profileGenerationPrompt,
} from '../../../src/personas/persona-generation.ts';
import { qualityGate } from '../../../src/personas/quality/quality-gate.ts';
import { readReleasedFile } from '../../../src/personas/released-files.ts';
import { seedPersonalities } from '../../../src/personas/seed-personalities.ts';
import { seedProfiles } from '../../../src/personas/seed-profiles.ts';

const prompts = [profileGenerationPrompt, personalityGenerationPrompt];
const told = (index: 0 | 1) =>
  prompts[index]!.messages({ examples: [], count: 20 }).map(({ content }) => content);
const gate = (language = 'en', index: 0 | 1 = 0) => qualityGate({ prompt: told(index), language });
const SOUND = [
  'Is 34 and lives in Leeds',
  'Works nights as a nurse',
  'Has a son of four',
  'Crochets blankets on quiet shifts',
];

/** The flaw of a sound entry with some more statements. */
function flawWith(...statements: string[]): string | null {
  return gate().check([...SOUND, ...statements])?.flaw ?? null;
}

describe('the quality gate', () => {
  it.each([
    ['fact | fact two | fact three', 'placeholder'],
    [
      'Lorem ipsum dolor sit amet. Consectetur adipiscing elit. Sed do eiusmod tempor. Incididunt ut labore.',
      'placeholder',
    ],
    ['{{name}} lives in [city]. TODO hobby. Works as a cook. Has a dog.', 'placeholder'],
    [
      '[["The first personality: 18 different ways to be loud", "Writes long letters", "Laughs at puns"]]',
      'echo',
    ],
    [
      'What makes the person laugh, which replies please and which annoy. Is loud. Is quick. Is warm.',
      'echo',
    ],
  ])('refuses what growth once took for a person: %j', (reply, flaw) => {
    const entries = parsePersonas(reply, { minStatements: 1 }).entries;
    expect(entries).toHaveLength(1);
    expect(gate('en', 1).check(entries[0]!)?.flaw).toBe(flaw);
  });

  it('names the flaw and shows where it is', () => {
    expect(gate().check(['Lives in [city]', 'Has a dog', 'Sings'])).toEqual({
      flaw: 'placeholder',
      evidence: 'Lives in [city]',
    });
  });

  it('looks for placeholders first, and for another language last', () => {
    const german = 'Er wohnt mit der Frau und einem Hund auf dem Land bei Ulm, und das ist nicht alles';
    expect(gate().check([german, german.toUpperCase(), 'Heißt {{name}}'])?.flaw).toBe('placeholder');
    expect(gate().check([german, 'Arbeitet für die Bahn'])?.flaw).toBe('language');
  });

  it('finds an entry that is mostly copied from known ones, and not one that shares a statement', () => {
    const checked = gate();
    checked.know(SOUND);
    expect(checked.check(['Fishes', 'Has a boat', 'Works nights as a nurse'])).toBeNull();
    const copy = SOUND.map(
      (statement) => `**She ${statement.charAt(0).toLowerCase()}${statement.slice(1)}.**`,
    );
    expect(checked.check(copy)).toMatchObject({ flaw: 'copied', evidence: copy.join(' | ') });
  });

  it('knows the entries that it has let pass, and not those that it refused', () => {
    const checked = gate();
    const flawed = [
      'Lives in [city]',
      'Breeds pale moths at night',
      'Owes money to three uncles',
      'Swims a lot',
    ];
    expect(checked.check(flawed)?.flaw).toBe('placeholder');
    expect(checked.check(['Lives in Pune', ...flawed.slice(1)])).toBeNull();
    expect(checked.check(['Lives in Poona', ...flawed.slice(1)])?.flaw).toBe('copied');
  });

  it('lets a sound entry pass, in each of the languages', () => {
    expect(flawWith()).toBeNull();
    for (const [language, statements] of Object.entries(SOUND_IN)) {
      expect(gate(language).check(statements), language).toBeNull();
      const others = Object.keys(SOUND_IN).filter((other) => other !== language);
      for (const other of others) {
        expect(gate(other).check(statements)?.flaw, `${language} in a pool in ${other}`).toBe('language');
      }
    }
  });
});

const SOUND_IN: Readonly<Record<string, readonly string[]>> = {
  en: [
    'Is a 41-year-old baker from Cork, and works nights with his brother',
    'Has a dog that sleeps on the flour sacks',
    'Plays the fiddle for the dancers at weddings',
    'Never eats bread when he is at home',
  ],
  de: [
    'Ist 41 Jahre alt und arbeitet nachts mit seinem Bruder in einer Bäckerei in Ulm',
    'Hat einen Hund, der auf den Mehlsäcken schläft',
    'Spielt auf Hochzeiten für die Tänzer Geige',
    'Isst zu Hause nie Brot, auch nicht mit Butter',
  ],
  es: [
    'Tiene 41 años y trabaja de noche con su hermano en una panadería de Vigo',
    'Tiene un perro que duerme en los sacos de harina',
    'Toca el violín para los bailarines en las bodas',
    'Nunca come pan cuando está en casa con su familia',
  ],
  fr: [
    'A 41 ans et travaille la nuit avec son frère dans une boulangerie de Lille',
    'A un chien qui dort sur les sacs de farine',
    'Joue du violon pour les danseurs dans les mariages',
    'Ne mange jamais de pain quand il est chez lui avec sa famille',
  ],
  zh: [
    '今年41岁，在成都一家面包店和弟弟一起上夜班',
    '养了一只狗，喜欢睡在面粉袋上',
    '常在朋友的婚礼上拉小提琴',
    '在家里从来不吃面包',
  ],
};

describe('the quality gate refuses nothing of what people wrote', () => {
  it.each([
    [
      'profiles',
      seedProfiles.map(({ facts }) => facts),
      aloeCases().map(({ persona }) => persona.profile.facts),
    ],
    [
      'personalities',
      seedPersonalities.map(({ traits }) => traits),
      aloeCases().map(({ persona }) => persona.personality.traits),
    ],
  ])('%s: the shipped seeds and cases', (kind, seeds, cases) => {
    const checked = gate('en', kind === 'profiles' ? 0 : 1);
    expect([...seeds, ...cases].map((statements) => checked.check(statements)).filter(Boolean)).toEqual([]);
  });

  const released = '../shared/data/aloe-release';
  it.runIf(existsSync(released)).each([
    ['profile.jsonl', []],
    ['profile_eval.jsonl', []],
    ['personality.jsonl', []],
    ['personality_eval.jsonl', []],
  ])("the authors' %s: %j", async (file, refused) => {
    const { entries } = await readReleasedFile(`${released}/${file}`);
    const checked = gate('en', file.startsWith('profile') ? 0 : 1);
    const flawed = entries.filter(({ statements }) => checked.check(statements) !== null);
    expect(flawed.map(({ id }) => id)).toEqual(refused);
  });
});
