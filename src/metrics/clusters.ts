import { InvalidOptionError } from '../errors.ts';

/** One way of putting rows into clusters. */
export interface Clustering {
  /** How many clusters there are. */
  readonly size: number;
  /** The cluster of each row, from 0. */
  readonly clusters: readonly number[];
}

/**
 * The ways in which rows are clustered, from one label a row and way under the name of its option (undefined: every row
 * by itself). A way whose clusters lie within those of another adds nothing and is left aside, so that one way is left
 * unless two cross.
 *
 * @throws InvalidOptionError when there is not one label a row.
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

/** Every row a cluster of its own. */
export function rowByRow(rows: number): Clustering {
  return { size: rows, clusters: Array.from({ length: rows }, (_, row) => row) };
}

/** How many clusters the rows that pass the test come from. */
export function countClusters({ clusters }: Clustering, test: (row: number) => boolean): number {
  return new Set(clusters.filter((_cluster, row) => test(row))).size;
}

function clusteringOf(rows: number, option: string, labels: readonly string[] | undefined): Clustering {
  if (labels === undefined) return rowByRow(rows);
  if (!Array.isArray(labels) || labels.length !== rows) {
    throw new InvalidOptionError(option, `${rows} labels, one a row`, labels);
  }
  const places = new Map([...new Set(labels)].map((label, place) => [label, place]));
  // What all rows share says nothing about how they vary: the interval then holds for that one profile, or whatever it is.
  if (places.size === 1) return rowByRow(rows);
  return { size: places.size, clusters: labels.map((label) => places.get(label)!) };
}

/** Whether each of the inner clusters lies within one outer cluster. */
function isWithin(inner: Clustering, outer: Clustering): boolean {
  const pairs = new Set(inner.clusters.map((cluster, row) => `${cluster} ${outer.clusters[row]}`));
  return pairs.size === inner.size;
}
