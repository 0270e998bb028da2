import { unitVectors } from '../../embeddings/checked-vectors.ts';
import type { Embedder } from '../../embeddings/embedder.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import { checkMethod } from '../../internal/options.ts';
import { checkRun, type Run } from '../../runs/run.ts';
import type { PersonaPoolData, PoolKind } from '../pool-data.ts';
import { entryOfPersonality, entryOfProfile, type PoolEntry } from '../pool-entry.ts';
import { thresholdsOf } from '../similarity-threshold.ts';
import { comparedText } from '../statements.ts';
import { describeKind } from './describe-kind.ts';
import type { KindDescription, PoolDescription } from './pool-description.ts';

/** Options of {@link PersonaPool.describe}. */
export interface DescribePoolOptions {
  /** Compares the entries. That of the growth gives the similarities that growth saw. */
  readonly embedder: Embedder;
  /** Its journal has the vectors of a growth in this run, so that none is computed again. Default: a run in memory. */
  readonly run?: Run | undefined;
  /** Aborts the embedding. Its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

export async function describePool(
  data: PersonaPoolData,
  options: DescribePoolOptions,
): Promise<PoolDescription> {
  checkKnownOptions<DescribePoolOptions>('PersonaPool.describe()', options, {
    embedder: true,
    run: true,
    signal: true,
  });
  checkMethod('embedder', options.embedder, 'embed', 'an Embedder');
  const embedder = checkRun(options.run).embedder(options.embedder);
  const { growth } = data;
  const own = growth?.embedder === embedder.id ? growth : null;
  const thresholds = own?.similarityThreshold ?? thresholdsOf(embedder);

  async function describe(kind: PoolKind, entries: readonly PoolEntry[]): Promise<KindDescription> {
    const texts = entries.map(({ statements }) => comparedText(statements, own?.textRule));
    const vectors = await embedder.embed(texts, { signal: options.signal });
    return describeKind({
      entries,
      vectors: unitVectors(embedder, texts.length, vectors),
      origins: data.origins[kind],
      threshold: thresholds[kind],
      quotas: growth?.quotas?.[kind] ?? {},
    });
  }
  return {
    embedder: embedder.id,
    language: data.language ?? 'en',
    profiles: await describe('profiles', data.profiles.map(entryOfProfile)),
    personalities: await describe('personalities', data.personalities.map(entryOfPersonality)),
  };
}
