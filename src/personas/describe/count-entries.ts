import type { PoolKind } from '../pool-data.ts';

const SINGULAR: Readonly<Record<PoolKind, string>> = { profiles: 'profile', personalities: 'personality' };

/** `1 personality`, `20 personalities` */
export function countEntries(count: number, kind: PoolKind): string {
  return `${count} ${count === 1 ? SINGULAR[kind] : kind}`;
}
