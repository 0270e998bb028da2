import type { PgBoss } from 'pg-boss';
import type { PostgresStore } from '../../postgres/open-store.ts';
import { saveRecipe } from '../../postgres/recipe.ts';
import { Leases } from './leases.ts';
import { openBoss } from './open-boss.ts';
import { sharedMap } from './shared-map.ts';

interface Opened {
  readonly boss: PgBoss;
  readonly leases: Leases;
}

/**
 * Adds shared work to a run in a database: conversations and cases are jobs, which any process of the run takes. pg-boss
 * starts with the first list of work.
 */
export function shareWork(store: PostgresStore): PostgresStore {
  const { database, address, runId, worker } = store;
  let opening: Promise<Opened> | undefined;
  let opened: Opened | undefined;

  async function open(): Promise<Opened> {
    const boss = await openBoss(database, address.schema);
    opened = { boss, leases: new Leases(boss) };
    return opened;
  }

  return {
    ...store,
    shared: {
      name: address.name,
      show: store.show,
      keepRecipe: (recipe) => saveRecipe(database, address, recipe),
      async *map(items, list, options) {
        opening ??= open().catch((error: unknown) => {
          opening = undefined;
          throw error;
        });
        const { boss, leases } = await opening;
        yield* sharedMap(
          { database, boss, address, run: runId, worker: worker.id },
          leases,
          items,
          list,
          options,
        );
      },
    },
    async beforeSend(signal) {
      await opened?.leases.beforeSend(signal);
    },
    async close() {
      // Somebody may have left a list in the middle.
      opened?.leases.close();
      await opened?.boss.stop({ graceful: false });
      await store.close();
    },
  };
}
