import { mapWork } from '../runs/work/map-work.ts';
import type { PersonaPoolGrowOptions } from './grow-options.ts';
import { growPool } from './grow-pool.ts';
import type { PersonaPoolData } from './pool-data.ts';

/** Grows a pool. If several processes share the run, one of them does, and the others get its pool. */
export async function growTogether(options: PersonaPoolGrowOptions): Promise<PersonaPoolData> {
  const { run, signal } = options;
  if (run?.shared === undefined) return growPool(options);
  const {
    model,
    embedder,
    prompts: _texts,
    onEvent: _listener,
    signal: _own,
    run: _self,
    ...sizes
  } = options;
  const list = {
    name: 'personas',
    setting: () => ({ model: model.id, embedder: embedder.id, ...sizes }),
    content: () => null,
    play: (_item: null, ending: AbortSignal) => growPool({ ...options, signal: ending }),
  };
  const [pool] = await Array.fromAsync(
    mapWork(run, [null], list, { concurrency: 1, order: 'input', signal }),
  );
  return pool!;
}
