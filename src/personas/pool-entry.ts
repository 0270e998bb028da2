/** A profile or personality during growth. */
export interface PoolEntry {
  readonly id: string;
  readonly statements: readonly string[];
}
