import type { EntryOrigin } from '../pool-data.ts';

/** An entry of a pool and the most similar other one. */
export interface DescribedEntry {
  readonly id: string;
  readonly statements: readonly string[];
  readonly origin: EntryOrigin | null;
  readonly attributes: Readonly<Record<string, string>>;
  /** Id of the most similar other entry. Null in a pool of one. */
  readonly nearestId: string | null;
  /** Cosine similarity to it. */
  readonly similarity: number | null;
  /** Place on the map, along the two directions in which entries differ most. */
  readonly x: number;
  readonly y: number;
}

/** How similar entries are to their nearest neighbours. All are null in a pool of one. */
export interface NeighbourSpread {
  readonly minimum: number | null;
  readonly median: number | null;
  readonly mean: number | null;
  /** 95th percentile. */
  readonly p95: number | null;
  readonly maximum: number | null;
}

/** The counts of an attribute. */
export interface AttributeCounts {
  /** Name of the attribute. `age` is read from the facts if no entry is labelled with it. */
  readonly name: string;
  /** Entries of each value. Values without an entry are there with 0, if the pool was grown with a quota for them. */
  readonly values: readonly AttributeCount[];
  /** Entries without a value. */
  readonly unlabelled: number;
}

/** How many entries have a value of an attribute. */
export interface AttributeCount {
  readonly value: string;
  readonly count: number;
  /** Wanted number, if the pool was grown with a quota for it. */
  readonly quota: number | null;
}

/** One of the two halves of a {@link PoolDescription}. */
export interface KindDescription {
  readonly size: number;
  /** Entries by origin. */
  readonly origins: Readonly<Partial<Record<EntryOrigin, number>>>;
  /** Above this cosine similarity, growth with this embedder discards an entry. */
  readonly threshold: number;
  readonly neighbours: NeighbourSpread;
  /** Entries above the threshold, such as seeds or those of other files. */
  readonly nearDuplicates: number;
  /**
   * Number of entirely different entries that would be as diverse as the pool: the square of its size over the sum of all
   * squared similarities. From 1, if all are the same, to `size`, if none resembles another.
   */
  readonly effectiveSize: number;
  /** Share of the variance of the embeddings that each axis of the map shows, 0 to 1. */
  readonly explained: readonly [x: number, y: number];
  readonly attributes: readonly AttributeCounts[];
  /** What is missing, as sentences: values without an entry, values below their quota, gaps in age. */
  readonly gaps: readonly string[];
  /** In the order of the pool. */
  readonly entries: readonly DescribedEntry[];
}

/** What a pool covers, as plain data. */
export interface PoolDescription {
  /** Id of the embedder. Similarities of different embedders are not comparable. */
  readonly embedder: string;
  /** BCP 47 tag of the pool's language. */
  readonly language: string;
  readonly profiles: KindDescription;
  readonly personalities: KindDescription;
}
