/** Variance of an estimate if rows vary only by the clusters of one way. */
export interface ClusterVariance {
  readonly variance: number;
  /** Number of clusters behind it. */
  readonly clusters: number;
}

/** The variance of an estimate, and how well it is known. */
export interface TwoWayVariance {
  readonly variance: number;
  /** Degrees of freedom, 1 or more. */
  readonly degrees: number;
}

/**
 * The variance of an estimate over rows clustered in two ways that cross: V1 + V2 - V(rows), at least the larger of V1 and
 * V2. Source: Cameron, Gelbach and Miller 2011, "Robust Inference With Multiway Clustering". The degrees of freedom are
 * Satterthwaite's (1946), as in the quasi-F test for two crossed random factors: near those of the way that varies most.
 */
export function twoWayVariance(
  first: ClusterVariance,
  second: ClusterVariance,
  rows: ClusterVariance,
): TwoWayVariance {
  const both = first.variance + second.variance;
  const variance = Math.max(first.variance, second.variance, both - rows.variance);
  if (variance === 0) return { variance, degrees: 1 };
  const uncertainty = [first, second, rows].reduce(
    (sum, part) => sum + part.variance ** 2 / (part.clusters - 1),
    0,
  );
  return { variance, degrees: Math.max(1, variance ** 2 / uncertainty) };
}
