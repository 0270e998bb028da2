import type { EntryOrigin, Quotas } from '../pool-data.ts';
import type { PoolEntry } from '../pool-entry.ts';
import { countAttributes, findGaps } from './count-attributes.ts';
import { findNeighbours, spreadOf } from './neighbours.ts';
import type { KindDescription } from './pool-description.ts';
import { principalAxes } from './principal-axes.ts';

/** What describes one kind of entries. */
export interface DescribeKindOptions {
  readonly entries: readonly PoolEntry[];
  /** One for each entry, of unit length. */
  readonly vectors: readonly Float32Array[];
  readonly origins: Readonly<Record<string, EntryOrigin>>;
  readonly threshold: number;
  readonly quotas: Quotas;
}

export async function describeKind(options: DescribeKindOptions): Promise<KindDescription> {
  const { entries, vectors, origins, threshold, quotas } = options;
  const { nearest, effectiveSize } = await findNeighbours(vectors);
  const { points, explained } = principalAxes(vectors);
  const similarities = nearest.flatMap((neighbour) => (neighbour === null ? [] : [neighbour.similarity]));
  const attributes = countAttributes(entries, quotas);
  const byOrigin: Partial<Record<EntryOrigin, number>> = {};
  for (const { id } of entries) {
    const origin = origins[id];
    if (origin !== undefined) byOrigin[origin] = (byOrigin[origin] ?? 0) + 1;
  }
  return {
    size: entries.length,
    origins: byOrigin,
    threshold,
    neighbours: spreadOf(similarities),
    nearDuplicates: similarities.filter((similarity) => similarity > threshold).length,
    effectiveSize,
    explained,
    attributes,
    gaps: findGaps(attributes),
    entries: entries.map(({ id, statements, attributes: labels = {} }, index) => ({
      id,
      statements,
      origin: origins[id] ?? null,
      attributes: labels,
      nearestId: nearest[index] === null ? null : entries[nearest[index]!.index]!.id,
      similarity: nearest[index]?.similarity ?? null,
      x: points[index]![0],
      y: points[index]![1],
    })),
  };
}
