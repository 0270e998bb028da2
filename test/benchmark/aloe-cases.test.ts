import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type AloeCasesOptions,
  type AloeCaseTags,
  aloeCases,
  aloeCaseTags,
} from '../../src/benchmark/aloe-cases.ts';
import type { Embedder } from '../../src/embeddings/embedder.ts';
import { transformersEmbedder } from '../../src/embeddings/transformers.ts';
import { InvalidOptionError } from '../../src/errors.ts';
import { type FilterEntry, nearDuplicateFilter } from '../../src/personas/near-duplicate-filter.ts';
import type { Persona } from '../../src/personas/persona.ts';
import type { PoolKind } from '../../src/personas/pool-data.ts';
import { seedPersonalities } from '../../src/personas/seed-personalities.ts';
import { seedProfiles } from '../../src/personas/seed-profiles.ts';
import { thresholdsOf } from '../../src/personas/similarity-threshold.ts';
import { comparedText } from '../../src/personas/statements.ts';
import { pullWeights } from '../../src/weights/pull-weights.ts';

const cases = aloeCases();
const tags = Object.values(aloeCaseTags);
const card = readFileSync(new URL('../../docs/benchmark-card.md', import.meta.url), 'utf8');

describe('the shipped benchmark cases', () => {
  it('are 100, named by their place', () => {
    const expected = Array.from({ length: 100 }, (_, index) => `aloe-${String(index + 1).padStart(3, '0')}`);
    expect(cases.map(({ id }) => id)).toEqual(expected);
    expect(Object.keys(aloeCaseTags)).toEqual(expected);
    expect(cases.map(({ persona }) => persona.profile.id)).toEqual(expected.map((id) => `${id}-profile`));
    expect(new Set(cases.map(({ persona }) => persona.id)).size).toBe(100);
  });

  it('state 8 to 10 facts and 8 to 10 traits each', () => {
    for (const { id, persona } of cases) {
      for (const statements of [persona.profile.facts, persona.personality.traits]) {
        expect(statements.length, id).toBeGreaterThanOrEqual(8);
        expect(statements.length, id).toBeLessThanOrEqual(10);
      }
    }
  });

  it('never make the same statement twice, within a case or across cases', () => {
    const statements = cases.flatMap(({ persona }) => [
      ...persona.profile.facts,
      ...persona.personality.traits,
    ]);
    const plain = statements.map((text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' '));
    expect(plain.filter((text, index) => plain.indexOf(text) !== index)).toEqual([]);
  });

  it('are short statements without a final full stop', () => {
    for (const { id, persona } of cases) {
      for (const text of [...persona.profile.facts, ...persona.personality.traits]) {
        expect(text, id).toMatch(/^\S.{4,118}[^\s.]$/u);
      }
    }
  });

  it('share no first name', () => {
    expect(new Set(tags.map(({ name }) => name)).size).toBe(100);
  });

  it('open with the name and the age that their tags carry', () => {
    for (const { id, persona } of cases) {
      const { name, age } = aloeCaseTags[id]!;
      expect(persona.profile.facts[0]).toMatch(new RegExp(`^${name} .*\\b${age}\\b`, 'u'));
    }
  });

  it('are varied from the start: the first five come from five regions and three genders', () => {
    const first = tags.slice(0, 5);
    expect(new Set(first.map(({ region }) => region)).size).toBe(5);
    expect(new Set(first.map(({ gender }) => gender)).size).toBe(3);
  });

  it('can be asked for by number: the first ones, or with a seed ones drawn at random', () => {
    const ids = (options: AloeCasesOptions) => aloeCases(options).map(({ id }) => id);
    expect(ids({ count: 3 })).toEqual(['aloe-001', 'aloe-002', 'aloe-003']);
    expect(ids({ count: 3, seed: 7 })).toEqual(ids({ count: 3, seed: 7 }));
    expect(ids({ count: 3, seed: 7 })).not.toEqual(ids({ count: 3, seed: 8 }));
    expect(ids({ seed: 7 })).not.toEqual(ids({}));
    expect(ids({ seed: 7 }).toSorted()).toEqual(ids({}));
  });

  it.each<[AloeCasesOptions, string]>([
    [{ count: 1000 }, 'Option "count": expected a whole number from 1 to 100, got 1000.'],
    [{ count: 0 }, 'Option "count": expected a whole number from 1 to 100, got 0.'],
    [{ count: 2, seed: 0.5 }, 'Option "seed": expected a whole number of at least 0, got 0.5.'],
  ])('refuse %j by name', (options, message) => {
    expect(() => aloeCases(options)).toThrow(InvalidOptionError);
    expect(() => aloeCases(options)).toThrow(message);
  });
});

describe('the benchmark card', () => {
  it.each<[string, (of: AloeCaseTags) => string]>([
    ['Age', ({ age }) => ageBand(age)],
    ['Gender', ({ gender }) => gender],
    ['Region', ({ region }) => region],
    ['Work', ({ work }) => work],
    ['Family', ({ family }) => family],
    ['Temperament', ({ temperament }) => temperament],
  ])('counts the cases by %s as they are', (heading, groupOf) => {
    const counts: Record<string, number> = {};
    for (const of of tags) counts[groupOf(of)] = (counts[groupOf(of)] ?? 0) + 1;
    expect(cardTable(heading)).toEqual(counts);
  });
});

describe.each<[PoolKind, string]>([
  ['profiles', 'facts'],
  ['personalities', 'traits'],
])('similarity of %s with MiniLM, by the text that the filter of a pool compares', (kind, name) => {
  let embedder: Embedder;
  let caseEntries: FilterEntry[];
  let seedEntries: FilterEntry[];
  let own: number[];
  let toSeeds: number[];

  beforeAll(async () => {
    const { 'all-minilm-l6-v2': modelPath } = await pullWeights({ sets: ['all-minilm-l6-v2'] });
    embedder = transformersEmbedder({ modelPath });
    caseEntries = entriesOf(cases.map(({ persona }) => statementsIn(persona, kind)));
    seedEntries = entriesOf(
      kind === 'profiles'
        ? seedProfiles.map(({ facts }) => facts)
        : seedPersonalities.map(({ traits }) => traits),
    );
    const vectors = await embedder.embed([...caseEntries, ...seedEntries].map(({ text }) => text));
    const caseVectors = vectors.slice(0, cases.length);
    own = caseVectors.flatMap((a, index) => caseVectors.slice(index + 1).map((b) => dot(a, b)));
    toSeeds = caseVectors.flatMap((a) => vectors.slice(cases.length).map((b) => dot(a, b)));
  });

  it('keeps every case, after all shipped seeds, by the filter of a pool', async () => {
    const filter = nearDuplicateFilter({ embedder, threshold: thresholdsOf(embedder)[kind] });
    await filter.keep(seedEntries);
    const verdicts = await filter.accept(caseEntries);
    expect(verdicts.filter(({ accepted }) => !accepted)).toEqual([]);
  });

  it('has the figures that the card prints', () => {
    expect(own).toHaveLength(4950);
    expect(toSeeds).toHaveLength(100 * seedEntries.length);
    for (const [label, similarities] of [
      [`Two cases, ${name}`, own],
      [`A case and a shipped seed, ${name}`, toSeeds],
    ] as const) {
      const row = card.split('\n').find((line) => line.startsWith(`| ${label} |`));
      const [pairs, ...printed] = row!
        .replaceAll(',', '')
        .match(/\d+\.\d+|\d+/g)!
        .map(Number);
      expect(pairs).toBe(similarities.length);
      const sorted = similarities.toSorted((a, b) => a - b);
      const measured = [sorted.at(-1)!, average(sorted), sorted[Math.ceil(0.95 * sorted.length) - 1]!];
      // Whatever the export of the model: in 32-bit floats these figures differ from the card's by less than 0.004.
      for (const [index, figure] of measured.entries()) {
        expect(Math.abs(figure - printed[index]!)).toBeLessThan(0.02);
      }
    }
  });

  it('puts as many cases above 0.6 of a shipped seed as the card says', () => {
    const nearest = cases.map((_, index) =>
      Math.max(...toSeeds.slice(index * seedEntries.length, (index + 1) * seedEntries.length)),
    );
    const above = nearest.filter((similarity) => similarity > 0.6).length;
    const printed = Number(new RegExp(`By ${name}, (\\d+) of the 100 cases`).exec(card)![1]);
    // Some lie within the differences between exports of the model.
    expect(Math.abs(above - printed)).toBeLessThanOrEqual(2);
  });
});

function statementsIn({ profile, personality }: Persona, kind: PoolKind): readonly string[] {
  return kind === 'profiles' ? profile.facts : personality.traits;
}

function entriesOf(lists: readonly (readonly string[])[]): FilterEntry[] {
  return lists.map((statements, index) => ({ id: String(index), text: comparedText(statements) }));
}

function ageBand(age: number): string {
  const bands = ['16-24', '25-34', '35-44', '45-54', '55-64', '65-74', '75-85'];
  return bands.find((band) => age <= Number(band.slice(3))) ?? 'older';
}

function cardTable(heading: string): Record<string, number> {
  const section = card.split(/^### /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const rows = [...section.matchAll(/^\| ([\w-]+) \| (\d+) \|$/gm)];
  return Object.fromEntries(rows.map(([, group, count]) => [group!, Number(count)]));
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
