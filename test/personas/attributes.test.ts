import { describe, expect, it } from 'vitest';
import { lexicalEmbedder } from '../../src/embeddings/lexical.ts';
import { InvalidOptionError } from '../../src/errors.ts';
import { seededRandom } from '../../src/internal/random.ts';
import { apportion, missingFirst, missingOf, quotasOf, takeLabels } from '../../src/personas/attributes.ts';
import { wantedByCall } from '../../src/personas/generation-call.ts';
import { PersonaPool } from '../../src/personas/persona-pool.ts';
import type { Quotas } from '../../src/personas/pool-data.ts';
import { personaPoolSchema } from '../../src/personas/pool-data.ts';
import type { PersonaGenerationVariables, Prompt } from '../../src/prompts.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

describe('apportion', () => {
  it('divides in whole numbers that add up, the largest remainders first', () => {
    expect(apportion({ a: 1, b: 1, c: 1 }, 10)).toEqual({ a: 4, b: 3, c: 3 });
    expect(apportion({ a: 1, b: 2 }, 10)).toEqual({ a: 3, b: 7 });
    expect(apportion({ a: 0, b: 2 }, 5)).toEqual({ a: 0, b: 5 });
    expect(apportion({ a: 0, b: 0 }, 5)).toEqual({ a: 3, b: 2 });
    expect(apportion({ a: 0.2, b: 0.3, c: 0.5 }, 4)).toEqual({ a: 1, b: 1, c: 2 });
  });
});

describe('quotasOf', () => {
  it('gives values of a list the same number, and values with shares theirs', () => {
    expect(
      quotasOf({ region: ['Africa', 'Asia'], age: { young: 1, old: 3 } }, 8, 'attributes.profiles'),
    ).toEqual({
      region: { Africa: 4, Asia: 4 },
      age: { young: 2, old: 6 },
    });
  });

  it.each<[object, string]>([
    [{ region: ['Africa'] }, 'attributes.profiles.region'],
    [{ region: ['Africa', 'Africa'] }, 'attributes.profiles.region'],
    [{ region: { a: 0, b: 0 } }, 'attributes.profiles.region'],
    [{ region: { a: -1, b: 2 } }, 'attributes.profiles.region'],
    [{ region: { a: Number.POSITIVE_INFINITY, b: 2 } }, 'attributes.profiles.region'],
    [{ region: null }, 'attributes.profiles.region'],
    [{ region: ['one two three four five six', 'b'] }, 'attributes.profiles.region'],
    [{ region: ['...', 'b'] }, 'attributes.profiles.region'],
    [{ '-': ['a', 'b'] }, 'attributes.profiles.-'],
  ])('refuses %j', (attributes, option) => {
    const read = () => quotasOf(attributes as never, 8, 'attributes.profiles');
    expect(read).toThrow(InvalidOptionError);
    expect(read).toThrow(`Option "${option}"`);
  });

  it('accepts values of up to five words', () => {
    expect(quotasOf({ work: ['in a shop or office', 'none'] }, 2, 'x')).toEqual({
      work: { 'in a shop or office': 1, none: 1 },
    });
  });
});

it('missingOf counts what is left of each value, and never less than nothing', () => {
  const entry = (region: string) => ({ attributes: { region } });
  const entries = [entry('Asia'), entry('Asia'), entry('Mars'), {}];
  expect(missingOf({ region: { Africa: 2, Asia: 1 } }, entries)).toEqual({ region: { Africa: 2, Asia: 0 } });
});

it('missingFirst puts first what is still missing, and keeps the order otherwise', () => {
  const entry = (id: string, region?: string) => ({
    id,
    statements: [],
    ...(region && { attributes: { region } }),
  });
  const generated = [
    entry('a', 'Asia'),
    entry('b'),
    entry('c', 'Africa'),
    entry('d', 'Africa'),
    entry('e', 'Asia'),
  ];
  const sorted = missingFirst(generated, { region: { Africa: 2, Asia: 2 } }, [entry('z', 'Asia')]);
  expect(sorted.map(({ id }) => id)).toEqual(['a', 'c', 'd', 'b', 'e']);
});

it('takeLabels takes only wanted values, and leaves all else as statements', () => {
  const quotas = { 'age group': { '16-29': 1, '60+': 1 }, region: { Asia: 1 } };
  const statements = ['Age group: 16-29', 'Region: "asia"', 'Region: Mars', 'Keeps bees', 'age group: 60+'];
  expect(takeLabels(statements, quotas)).toEqual({
    statements: ['Region: Mars', 'Keeps bees'],
    attributes: { 'age group': '16-29', region: 'Asia' },
  });
});

it('takeLabels takes a label with the number that stands after it in the prompt', () => {
  const quotas = { region: { Asia: 2 }, flat: { 'two rooms (2)': 1 } };
  expect(takeLabels(['region: Asia (12)', 'flat: two rooms (2)', 'Owns a lamp (1)'], quotas)).toEqual({
    statements: ['Owns a lamp (1)'],
    attributes: { region: 'Asia', flat: 'two rooms (2)' },
  });
});

const SYLLABLES = ['ba', 'ke', 'li', 'mo', 'nu', 'pra', 'sto', 'vi', 'wen', 'zu'];
const random = seededRandom(5);
const word = () => Array.from({ length: 4 }, () => SYLLABLES[Math.floor(random() * 10)]).join('');
const person = () => Array.from({ length: 8 }, () => `${word()} ${word()} ${word()}`);

/** What the prompt asks for, as it stands in the variables of a custom prompt. */
const asking: Prompt<PersonaGenerationVariables> = {
  id: 'asking',
  version: 1,
  messages: ({ wanted }) => [{ role: 'user', content: JSON.stringify(wanted) }],
};

it('quotas leave out seeds without a label, which cannot fill them', () => {
  const seeds = [
    { attributes: { region: 'Asia' } },
    { attributes: { region: 'Antarctica' } },
    { attributes: { age: 'old' } },
    {},
    { attributes: { region: 'Africa' } },
  ];
  const wanted = (target: number) => quotasOf({ region: ['Africa', 'Asia'] }, target, 'x', seeds).region;
  expect(wanted(13)).toEqual({ Africa: 5, Asia: 5 });
  expect(wanted(4)).toEqual({ Africa: 1, Asia: 0 });
  expect(wanted(1)).toEqual({ Africa: 1, Asia: 0 });
});

it('calls of few entries ask for the values of two attributes in all combinations', () => {
  const quotas = quotasOf(
    { region: ['Africa', 'Asia', 'Europe', 'the Americas'], age: { young: 1, middle: 2, old: 1 } },
    96,
    'x',
  );
  const calls = Array.from({ length: 48 }, (_, call) => call);
  const wanted = wantedByCall(
    { quotas, entriesPerCall: 2, kind: 'profiles', run: memoryRun({ seed: 3 }) },
    [],
    calls,
  );
  const asked = new Set<string>();
  const sums: Record<string, number> = {};
  for (const each of wanted) {
    const [region, age] = [each!.region!, each!.age!].map((counts) =>
      Object.entries(counts).filter(([, count]) => count > 0),
    );
    for (const [value, count] of [...region!, ...age!]) sums[value] = (sums[value] ?? 0) + count;
    for (const [one] of region!) for (const [other] of age!) asked.add(`${one}, ${other}`);
  }
  expect(sums).toEqual({ ...quotas.region, ...quotas.age });
  expect(asked.size).toBe(12);
});

describe('PersonaPool.grow with attributes', () => {
  const attributes = {
    profiles: { region: ['Africa', 'Asia', 'Europe'], 'age group': { '16-29': 1, '30-59': 2, '60+': 1 } },
  };
  const sizes = {
    embedder: lexicalEmbedder(),
    profiles: 12,
    personalities: 1,
    entriesPerCall: 4,
    callsPerWave: 2,
    seeds: { profiles: [{ id: 'a', facts: ['Keeps bees in Lagos'], attributes: { region: 'Africa' } }] },
    apartFrom: {},
  };
  /** Gives what is asked for, as a model that does as it is told. */
  function obeys(wanted: Quotas): string[][] {
    const values = Object.entries(wanted).map(([name, counts]) =>
      Object.entries(counts).flatMap(([value, count]) => Array<[string, string]>(count).fill([name, value])),
    );
    return values[0]!.map((_, index) => [...values.map((list) => list[index]!.join(': ')), ...person()]);
  }

  it('asks for what is missing, labels entries and meets the quotas', async () => {
    const model = scriptedModel((request) =>
      JSON.stringify({ profiles: obeys(JSON.parse(request.messages[0]!.content) as Quotas) }),
    );
    const pool = await PersonaPool.grow({ ...sizes, model, attributes, prompts: { profiles: asking } });
    expect(pool.growth!.quotas!.profiles).toEqual({
      region: { Africa: 4, Asia: 4, Europe: 4 },
      // Of the seed, no age group is known.
      'age group': { '16-29': 3, '30-59': 5, '60+': 3 },
    });
    const [first, second] = model.calls.map(
      ({ request }) => JSON.parse(request.messages[0]!.content) as Quotas,
    );
    // One of Africa is there already. The second call asks for what the first leaves.
    expect(first!.region).toEqual({ Africa: 1, Asia: 2, Europe: 1 });
    expect(second!.region).toEqual({ Africa: 1, Asia: 1, Europe: 2 });
    const { profiles } = await pool.describe({ embedder: lexicalEmbedder() });
    const counts = profiles.attributes.find(({ name }) => name === 'region')!;
    expect(counts).toEqual({
      name: 'region',
      values: ['Africa', 'Asia', 'Europe'].map((value) => ({ value, count: 4, quota: 4 })),
      unlabelled: 0,
    });
    expect(profiles.gaps).toEqual([]);
    expect(personaPoolSchema.parse(pool.data)).toEqual(pool.data);
    for (const { facts } of pool.profiles.slice(1)) expect(facts).toHaveLength(8);
  });

  it('tells the model in the prompt what is wanted, in which form', async () => {
    const model = scriptedModel(JSON.stringify({ profiles: [['region: Asia', ...person()]] }));
    await PersonaPool.grow({ ...sizes, model, attributes, profiles: 2 });
    const { request } = model.calls[0]!;
    expect(request.messages.at(-1)!.content).toContain(
      '["region: ...", "age group: ...", "fact", "fact", ...]',
    );
    expect(request.messages.at(-1)!.content).toContain(
      '- region, with how many of the new entries should have it: "Africa" (0), "Asia" (4), "Europe" (0)',
    );
    expect(request.messages.at(-1)!.content).toMatch(/\nStart with \{"profiles": \[$/);
    expect(request.outputSchema!.schema).toMatchObject({
      properties: { profiles: { items: { minItems: 8, maxItems: 12 } } },
    });
  });

  it('keeps an entry without a label, and counts it as such', async () => {
    const model = scriptedModel(() => JSON.stringify({ profiles: [person()] }));
    const pool = await PersonaPool.grow({ ...sizes, model, attributes, profiles: 3, maxCalls: 2 });
    const { profiles } = await pool.describe({ embedder: lexicalEmbedder() });
    expect(profiles.attributes[0]).toMatchObject({ name: 'region', unlabelled: 2 });
  });
});

it('pairs each profile with personalities by the quotas of their attributes', async () => {
  const personality = (index: number) => ({
    id: `t${index}`,
    traits: person(),
    attributes: { temper: index < 8 ? 'calm' : 'loud' },
  });
  const pool = await PersonaPool.grow({
    model: scriptedModel(''),
    embedder: lexicalEmbedder(),
    profiles: 20,
    personalities: 12,
    seeds: { personalities: Array.from({ length: 12 }, (_, index) => personality(index)) },
    attributes: { personalities: { temper: ['calm', 'loud'] } },
  });
  const personas = pool.personas({ personalitiesPerProfile: 6 });
  const loud = (list: typeof personas) =>
    list.filter((each) => each.personality.attributes!.temper === 'loud').length;
  for (let start = 0; start < personas.length; start += 6)
    expect(loud(personas.slice(start, start + 6))).toBe(3);
  const fewer = pool.personas({ personalitiesPerProfile: 2 }).map(({ id }) => id);
  expect(fewer.filter((id) => !personas.some((each) => each.id === id))).toEqual([]);
  expect(new Set(personas.map(({ id }) => id)).size).toBe(120);
});
