/**
 * How well embedders tell near-duplicate pool entries from distinct ones. `node bench/near-duplicates.ts` prints one row
 * per embedder and kind. `--released DIR` adds the authors' released pool, which is not part of this repository.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { aloeCases } from '../src/benchmark/aloe-cases.ts';
import type { Embedder } from '../src/embeddings/embedder.ts';
import { lexicalEmbedder } from '../src/embeddings/lexical.ts';
import { transformersEmbedder } from '../src/embeddings/transformers.ts';
import { nearDuplicateFilter } from '../src/personas/near-duplicate-filter.ts';
import { readReleasedFile } from '../src/personas/released-files.ts';
import { seedPersonalities } from '../src/personas/seed-personalities.ts';
import { seedProfiles } from '../src/personas/seed-profiles.ts';
import { thresholdsOf } from '../src/personas/similarity-threshold.ts';
import { comparedText } from '../src/personas/statements.ts';
import { reworded } from './reworded-entries.ts';

interface Seed {
  readonly id: string;
  readonly statements: readonly string[];
}

const { values } = parseArgs({ options: { released: { type: 'string' } } });

/** The seed in reverse order without its last three statements, and with three of the next seed. */
function copyOf(seeds: readonly Seed[], index: number): string {
  const next = seeds[(index + 1) % seeds.length]!;
  return comparedText([...seeds[index]!.statements.slice(0, -3).reverse(), ...next.statements.slice(1, 4)]);
}

async function similarities(
  embedder: Embedder,
  pairs: readonly (readonly [string, string])[],
): Promise<number[]> {
  const vectors = await embedder.embed(pairs.flat());
  return pairs.map((_, pair) =>
    vectors[2 * pair]!.reduce((sum, value, i) => sum + value * vectors[2 * pair + 1]![i]!, 0),
  );
}

/** The share of a list of distinct texts that the filter discards, and the greatest similarity that it met. */
async function discarded(embedder: Embedder, threshold: number, texts: readonly string[]): Promise<string> {
  const filter = nearDuplicateFilter({ embedder, threshold });
  const verdicts = await filter.accept(texts.map((text, index) => ({ id: String(index), text })));
  const most = Math.max(...verdicts.map(({ nearest }) => nearest?.similarity ?? -1));
  const count = verdicts.filter(({ accepted }) => !accepted).length;
  return `${count} of ${texts.length} (to ${most.toFixed(2)})`;
}

function found(similarity: readonly number[], threshold: number): string {
  const sorted = [...similarity].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  const over = sorted.filter((value) => value > threshold).length;
  return `${over} of ${sorted.length} (from ${sorted[0]!.toFixed(2)}, median ${median.toFixed(2)})`;
}

async function released(name: string): Promise<string[]> {
  const path = values.released === undefined ? '' : join(values.released, name);
  if (!existsSync(path)) return [];
  return (await readReleasedFile(path)).entries.map(({ statements }) => comparedText(statements));
}

const users = aloeCases().map(({ persona }) => persona);
const kinds = [
  {
    kind: 'profiles' as const,
    seeds: seedProfiles.map(({ id, facts }) => ({ id, statements: facts })),
    cases: users.map(({ profile }) => comparedText(profile.facts)),
    released: await released('profile.jsonl'),
  },
  {
    kind: 'personalities' as const,
    seeds: seedPersonalities.map(({ id, traits }) => ({ id, statements: traits })),
    cases: users.map(({ personality }) => comparedText(personality.traits)),
    released: await released('personality.jsonl'),
  },
];

console.log(
  '| embedder | kind | threshold | reworded found | copies found | seeds lost | cases lost | released lost |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
for (const embedder of [lexicalEmbedder(), transformersEmbedder()]) {
  for (const { kind, seeds, cases, released: pool } of kinds) {
    const threshold = thresholdsOf(embedder)[kind];
    const texts = seeds.map(({ statements }) => comparedText(statements));
    const again = seeds.flatMap(({ id }, index) =>
      reworded[id] === undefined ? [] : [[texts[index]!, comparedText(reworded[id])] as const],
    );
    const copies = texts.map((text, index) => [text, copyOf(seeds, index)] as const);
    const row = [
      embedder.id,
      kind,
      threshold,
      found(await similarities(embedder, again), threshold),
      found(await similarities(embedder, copies), threshold),
      await discarded(embedder, threshold, texts),
      await discarded(embedder, threshold, cases),
      pool.length === 0 ? 'not given' : await discarded(embedder, threshold, pool),
    ];
    console.log(`| ${row.join(' | ')} |`);
  }
}
