import file from '../benchmark/cases.json' with { type: 'json' };
import type { PoolKind } from './pool-data.ts';
import type { PoolEntry } from './pool-entry.ts';

/** The people of the benchmark. By default, a new entry must differ from them as it must from the pool. */
export const benchmarkEntries: Readonly<Record<PoolKind, readonly PoolEntry[]>> = {
  profiles: file.cases.map(({ id, facts }) => ({ id: `${id}-profile`, statements: facts })),
  personalities: file.cases.map(({ id, traits }) => ({ id: `${id}-personality`, statements: traits })),
};
