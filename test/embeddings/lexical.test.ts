import { describe, expect, it, test } from 'vitest';
import { lexicalEmbedder } from '../../src/embeddings/lexical.ts';
import { cosine64 } from '../../src/embeddings/similarity.ts';
import { nearDuplicateFilter } from '../../src/personas/near-duplicate-filter.ts';
import { seedPersonalities } from '../../src/personas/seed-personalities.ts';
import { seedProfiles } from '../../src/personas/seed-profiles.ts';
import { joinStatements } from '../../src/personas/statements.ts';
import { embedderConformance } from '../../src/testing/embedder-conformance.ts';

describe('lexicalEmbedder keeps the contract of an embedder', () => {
  for (const { name, run } of embedderConformance(() => lexicalEmbedder())) test(name, run);
});

async function similarity(a: string, b: string): Promise<number> {
  const [first, second] = await lexicalEmbedder().embed([a, b]);
  return cosine64(first!, second!);
}

const texts = [
  ...seedProfiles.map(({ facts }) => joinStatements(facts)),
  ...seedPersonalities.map(({ traits }) => joinStatements(traits)),
];

describe('lexicalEmbedder', () => {
  it('gives the same vector on every machine and in every version', async () => {
    const [vector] = await lexicalEmbedder().embed(['Night shift']);
    const found = [...vector!.entries()].filter(([, value]) => value !== 0);
    expect(found.map(([index, value]) => `${index}: ${value.toFixed(4)}`)).toMatchInlineSnapshot(`
      [
        "37: 0.2293",
        "166: 0.2293",
        "199: -0.2293",
        "243: -0.3634",
        "310: 0.3634",
        "421: 0.2293",
        "422: 0.2293",
        "632: -0.2293",
        "673: -0.2293",
        "733: -0.2293",
        "750: 0.2293",
        "752: -0.2293",
        "837: -0.2293",
        "930: 0.2293",
        "986: 0.2293",
        "1008: -0.2293",
      ]
    `);
  });

  it('at its own threshold, accepts all seed entries and discards a reordered copy of each', async () => {
    const filter = nearDuplicateFilter({ embedder: lexicalEmbedder() });
    const entries = texts.map((text, index) => ({ id: `seed-${index}`, text }));
    expect((await filter.accept(entries)).filter(({ accepted }) => !accepted)).toEqual([]);
    const copies = entries.map(({ id, text }) => ({ id: `${id}-copy`, text: reordered(text) }));
    expect((await filter.accept(copies)).filter(({ accepted }) => accepted)).toEqual([]);
  });

  it('finds a rewording', async () => {
    const first = 'Works nights as an intensive care nurse. Has a four-year-old son. Crochets blankets.';
    const again =
      'Is an intensive care nurse on the night shift. Her son is four. Likes to crochet blankets.';
    const other = 'Works nights as a baker of flatbread. Has a four-hive apiary. Plays the oud.';
    expect(await similarity(first, again)).toBeGreaterThan(0.5);
    expect(await similarity(first, other)).toBeLessThan(0.4);
  });

  it('compares texts without spaces between words', async () => {
    const first = '她是一名住在成都的夜班护士，喜欢钩针编织。';
    expect(await similarity(first, '她住在成都，是夜班护士，爱好钩针编织。')).toBeGreaterThan(0.5);
    expect(await similarity(first, '他在大连的码头开起重机，周末采蘑菇。')).toBeLessThan(0.2);
    expect(await similarity('猫', '犬')).toBeLessThan(0.5);
  });

  it('does not tell apart case, punctuation and forms of Unicode', async () => {
    expect(await similarity('Café, São Paulo!', 'CAFE\u0301 SA\u0303O PAULO')).toBeCloseTo(1, 6);
  });

  it('gives texts without words one direction', async () => {
    expect(await similarity('', '🙂 …')).toBe(1);
  });
});

/** The sentences in reverse order, without the last two. */
function reordered(text: string): string {
  const sentences = text.split(/(?<=\.) /);
  return sentences.slice(0, -2).reverse().join(' ');
}
