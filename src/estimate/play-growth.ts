import type { PersonaPoolGrowOptions } from '../personas/grow-options.ts';
import { isEnglish } from '../personas/languages.ts';
import { PersonaPool } from '../personas/persona-pool.ts';
import type { PoolKind } from '../personas/pool-data.ts';
import { seedPersonalities } from '../personas/seed-personalities.ts';
import { seedProfiles } from '../personas/seed-profiles.ts';
import {
  type CallSum,
  type CountedCalls,
  countCalls,
  type DryRun,
  type Extent,
  scaleCalls,
} from './dry-run.ts';
import { type ReplayedGrowth, replayGrowth } from './replay-growth.ts';
import type { Scenario } from './scenario.ts';

/** New entries to which a pool is grown. In a dry run the filter keeps the same share of any number. */
const ENOUGH_ENTRIES = 200;

/**
 * The calls of `PersonaPool.grow`. The two pools are grown one at a time, while the other stays at a single seed. What the
 * run has answered already is replayed exactly.
 */
export async function playGrowth(options: PersonaPoolGrowOptions, scenario: Scenario): Promise<CountedCalls> {
  const kinds = [
    ['profiles', 'personalities'],
    ['personalities', 'profiles'],
  ] as const;
  const sums: CallSum[] = [];
  let rounds = 0;
  for (const [kind, other] of kinds) {
    const one = other === 'profiles' ? seedProfiles.slice(0, 1) : seedPersonalities.slice(0, 1);
    const alone = { ...options, seeds: { ...options.seeds, [other]: one }, [other]: 1 };
    const replayed = await replayGrowth(alone);
    if (replayed?.pool) sums.push(...replayed.sums);
    else {
      const played = await playPool(kind, alone, scenario);
      sums.push(...withStored(played.sums, replayed));
      // Both grow at the same time.
      rounds = Math.max(rounds, played.rounds);
    }
  }
  return { sums, rounds };
}

/** Takes what is stored off the calls of a new run. */
function withStored(fresh: readonly CallSum[], replayed: ReplayedGrowth | null): readonly CallSum[] {
  if (replayed === null) return fresh;
  const total = fresh.reduce((sum, { calls }) => sum + calls, 0);
  const stored = replayed.sums.reduce((sum, call) => sum + call.stored, 0);
  const share = Math.max(0, 1 - stored / Math.max(1, total));
  const { earlierModel } = replayed;
  return [...replayed.sums, ...fresh.map((sum) => ({ ...scaleCalls(sum, share, 0), earlierModel }))];
}

/** The calls of growing one pool in a new run. */
async function playPool(
  kind: PoolKind,
  options: PersonaPoolGrowOptions,
  scenario: Scenario,
): Promise<CountedCalls> {
  const { maxCalls, seeds = {} } = options;
  const shipped = kind === 'profiles' ? seedProfiles : seedPersonalities;
  // The shipped seeds are in English, and do not join a pool in another language.
  const seeded = (seeds[kind] ?? (isEnglish(options.language ?? 'en') ? shipped : [])).length;
  const target = options[kind] ?? (kind === 'profiles' ? 330 : 71);
  const missing = Math.max(0, target - seeded);
  const times = Math.max(1, missing / ENOUGH_ENTRIES);
  const fewer = (count: number) => Math.ceil(count / times);
  async function grow({ run, rounds }: DryRun): Promise<Extent> {
    await PersonaPool.grow({
      ...options,
      run,
      [kind]: target - missing + fewer(missing),
      maxCalls: maxCalls && fewer(maxCalls),
      // The stand-in's entries are filler.
      qualityGate: false,
      onEvent: undefined,
    });
    return { times, rounds: Math.ceil(rounds() * times) };
  }
  return countCalls(grow, scenario, { newEntries: fewer(missing) });
}
