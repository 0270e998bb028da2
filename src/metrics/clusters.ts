import { InvalidOptionError } from '../errors.ts';

/** One way to group rows into clusters. */
export interface Clustering {
  /** Number of clusters. */
  readonly size: number;
  /** The cluster of each row, from 0. */
  readonly clusters: readonly number[];
}

/**
 * The ways to cluster rows. Each labeling has one label per row and is named after its option; undefined means that
 * every row is its own cluster. A clustering nested in another adds nothing and is dropped, so one remains unless two
 * cross.
 *
 * @throws InvalidOptionError if a labeling does not have one label per row.
 */
export function clusterings(
  rows: number,
  labelings: Readonly<Record<string, readonly string[] | undefined>>,
): Clustering[] {
  const ways = Object.entries(labelings).map(([option, labels]) => clusteringOf(rows, option, labels));
  return ways.filter((own, place) =>
    ways.every(
      (other, otherPlace) =>
        otherPlace === place || !isWithin(own, other) || (place < otherPlace && isWithin(other, own)),
    ),
  );
}

/** Every row is its own cluster. */
export function rowByRow(rows: number): Clustering {
  return { size: rows, clusters: Array.from({ length: rows }, (_, row) => row) };
}

/** Number of clusters among the rows that pass the test. */
export function countClusters({ clusters }: Clustering, test: (row: number) => boolean): number {
  return new Set(clusters.filter((_cluster, row) => test(row))).size;
}

function clusteringOf(rows: number, option: string, labels: readonly string[] | undefined): Clustering {
  if (labels === undefined) return rowByRow(rows);
  if (!Array.isArray(labels) || labels.length !== rows) {
    throw new InvalidOptionError(option, `${rows} labels, one per row`, labels);
  }
  const places = new Map([...new Set(labels)].map((label, place) => [label, place]));
  // A label shared by all rows says nothing about variation. The interval then holds for that one profile or personality.
  if (places.size === 1) return rowByRow(rows);
  return { size: places.size, clusters: labels.map((label) => places.get(label)!) };
}

/** Whether every inner cluster lies within one outer cluster. */
function isWithin(inner: Clustering, outer: Clustering): boolean {
  const pairs = new Set(inner.clusters.map((cluster, row) => `${cluster} ${outer.clusters[row]}`));
  return pairs.size === inner.size;
}
