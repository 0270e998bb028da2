import type { PersonaPoolGrowOptions } from '../personas/grow-options.ts';
import { PersonaPool } from '../personas/persona-pool.ts';
import type { PoolKind } from '../personas/pool-data.ts';
import { seedPersonalities } from '../personas/seed-personalities.ts';
import { seedProfiles } from '../personas/seed-profiles.ts';
import { type CallSum, countCalls, type DryRun } from './dry-run.ts';
import type { Scenario } from './scenario.ts';

/** New entries to which a pool is grown. In a dry run the filter keeps the same share of any number. */
const ENOUGH_ENTRIES = 200;

/** The calls of `PersonaPool.grow`. The two pools are grown one at a time, while the other stays at a single seed. */
export async function playGrowth(
  options: PersonaPoolGrowOptions,
  scenario: Scenario,
): Promise<readonly CallSum[]> {
  const { maxCalls, seeds = {} } = options;
  const seeded = {
    profiles: (seeds.profiles ?? seedProfiles).length,
    personalities: (seeds.personalities ?? seedPersonalities).length,
  };
  const targets = { profiles: options.profiles ?? 330, personalities: options.personalities ?? 71 };

  function playPool(kind: PoolKind, other: PoolKind): Promise<readonly CallSum[]> {
    const missing = Math.max(0, targets[kind] - seeded[kind]);
    const times = Math.max(1, missing / ENOUGH_ENTRIES);
    const fewer = (count: number) => Math.ceil(count / times);
    async function grow({ run }: DryRun): Promise<number> {
      await PersonaPool.grow({
        ...options,
        run,
        seeds: { ...seeds, [other]: undefined },
        [other]: 1,
        [kind]: targets[kind] - missing + fewer(missing),
        maxCalls: maxCalls && fewer(maxCalls),
        onEvent: undefined,
      });
      return times;
    }
    return countCalls(grow, scenario, fewer(missing));
  }

  return [...(await playPool('profiles', 'personalities')), ...(await playPool('personalities', 'profiles'))];
}
