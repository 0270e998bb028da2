import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPipeline } from '../../../src/pipeline/open-pipeline.ts';
import { HAS_POSTGRES, type PostgresServer, startPostgres } from './postgres-server.ts';

describe.skipIf(!HAS_POSTGRES)('a pipeline whose run is in a database', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.remove());

  test('keeps its files in a directory of this machine', async () => {
    const pipeline = await openPipeline({ run: server.url('study'), seed: 5 }, { parts: [] });
    expect(pipeline.run).toMatchObject({ dir: null, seed: 5, readOnly: false });
    expect(pipeline.files.dir).toBe('runs/study');
    await pipeline.close();
    const again = await openPipeline({ run: server.url('study'), files: 'elsewhere' }, { parts: [] });
    expect(again.run.seed).toBe(5);
    expect(again.files.report).toBe('elsewhere/report.html');
    await again.close();
  });
});
