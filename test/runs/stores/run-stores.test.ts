import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { memoryStore, openDirectoryStore } from '../../../src/runs/directory/directory-store.ts';
import { parsePostgresUrl } from '../../../src/runs/postgres/address.ts';
import { openPostgresStore } from '../../../src/runs/postgres/open-store.ts';
import { HAS_POSTGRES, type PostgresServer, startPostgres } from './postgres-server.ts';
import { runStoreConformance, type StoreFixture } from './run-store-conformance.ts';

const cases = runStoreConformance();

describe('a directory', () => {
  test.each(cases)('$name', async ({ run }) => {
    const dir = mkdtempSync(join(tmpdir(), 'aloe-store-'));
    const fixture: StoreFixture = {
      open: (seed) => openDirectoryStore(join(dir, 'run'), { seed }),
      damage(key) {
        const database = new DatabaseSync(join(dir, 'run', 'journal.sqlite'));
        database.prepare(`UPDATE calls SET value = '"forged"' WHERE key = ?`).run(key);
        database.close();
      },
    };
    await run(fixture);
    rmSync(dir, { recursive: true });
  });
});

describe('memory', () => {
  test.each(cases.filter(({ reopens }) => !reopens))('$name', async ({ run }) => {
    await run({ open: async (seed = 0) => memoryStore(seed), damage: () => {} });
  });
});

describe.skipIf(!HAS_POSTGRES)('a PostgreSQL database', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.remove());

  test.each(cases.map((each, index) => ({ ...each, index })))('$name', async ({ run, index }) => {
    const address = parsePostgresUrl(server.url(`case-${index}`));
    await run({
      open: (seed) => openPostgresStore(address, { seed }),
      damage: (key) => {
        server.sql(`UPDATE aloe.calls SET value = '"forged"' WHERE key = '${key}' AND run =
          (SELECT id FROM aloe.runs WHERE name = 'case-${index}')`);
      },
    });
  });
});
