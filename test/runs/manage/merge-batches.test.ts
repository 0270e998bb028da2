import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BatchRecord } from '../../../src/models/batch/batch-file.ts';
import { openBatchRecords } from '../../../src/models/batch/batch-records.ts';
import { batched } from '../../../src/models/batch/batched.ts';
import { openai } from '../../../src/models/openai.ts';
import type { RunEvent } from '../../../src/runs/events.ts';
import { mergeBatches } from '../../../src/runs/manage/merge-batches.ts';
import { mergeRuns } from '../../../src/runs/manage/merge-runs.ts';
import { openRun } from '../../../src/runs/run.ts';
import { type BatchServer, startBatchServer } from '../../models/batch/batch-server.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-merge-batches-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const at = (...names: string[]) => join(dir, ...names);

describe('a merged run', () => {
  let server: BatchServer;
  beforeEach(async () => {
    server = await startBatchServer();
  });
  afterEach(() => server.close());

  /** Asks in batches, and if asked to, leaves as soon as a batch is submitted. */
  async function ask(run: string, subjects: readonly string[], leaves = false): Promise<string[]> {
    const stop = new AbortController();
    const onEvent = ({ type }: RunEvent) => {
      if (leaves && type === 'batch-submitted') stop.abort(new Error('enough'));
    };
    const opened = await openRun(at(run), { seed: 7, sameModel: true, onEvent });
    const bare = openai('tiny', { baseUrl: server.baseUrl, apiKey: 'sk-merge-test-key-0001' });
    const model = opened.model(batched(bare, { pollMs: 5, quietMs: 50 }));
    const calls = subjects.map((subject) => {
      const place = { task: 'test', subject, role: 'asker' };
      const request = { messages: [{ role: 'user' as const, content: subject }] };
      return model.generate(request, { place, signal: stop.signal });
    });
    const replies = await Promise.allSettled(calls);
    await opened.close();
    return replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.text : 'none'));
  }

  test('waits for the batches of each run, and pays for none of them again', async () => {
    await ask('a', ['one']);
    server.pollsUntilDone = Number.POSITIVE_INFINITY;
    expect(await ask('a', ['one', 'two'], true)).toEqual(['Reply to: one', 'none']);
    expect(await ask('b', ['three', 'four'], true)).toEqual(['none', 'none']);
    server.pollsUntilDone = 1;
    const submitted = server.batches.length;
    for (const added of [1, 0]) {
      expect(await mergeRuns(at('all'), [at('a'), at('b')])).toMatchObject([
        { added, inBatches: 1 },
        { added: 0, inBatches: 2 },
      ]);
    }
    const subjects = ['one', 'two', 'three', 'four'];
    expect(await ask('all', subjects)).toEqual(subjects.map((subject) => `Reply to: ${subject}`));
    expect(server.batches).toHaveLength(submitted);
    expect(await mergeRuns(at('again'), [at('all')])).toMatchObject([{ added: 4, inBatches: 0 }]);
  });
});

describe('a merged file of batches', () => {
  const record = (key: string, minute: number, id: string | null = key): BatchRecord => ({
    key,
    provider: 'p',
    at: new Date(minute * 60_000).toISOString(),
    rows: ['row', `row of ${key}`],
    handle: id === null ? null : { id },
  });
  const path = () => at('batches.jsonl');
  const find = async (row: string) => (await openBatchRecords(path(), 'p')).find(row);

  test('has a call in the batch it was sent in last, whichever run did', async () => {
    await mergeBatches(path(), [record('second', 2), record('fourth', 4)]);
    await mergeBatches(path(), [record('first', 1), record('third', 3)]);
    expect((await find('row'))?.key).toBe('fourth');
    expect((await find('row of first'))?.handle).toEqual({ id: 'first' });
  });

  test('learns an id that was not known, and forgets none', async () => {
    await mergeBatches(path(), [record('a', 1, null), record('b', 2)]);
    await mergeBatches(path(), [record('a', 1, 'batch_1'), record('b', 2, null)]);
    expect((await find('row of a'))?.handle).toEqual({ id: 'batch_1' });
    expect((await find('row of b'))?.handle).toEqual({ id: 'b' });
  });

  test('is left as it is if nothing is new, and not made for nothing', async () => {
    await mergeBatches(path(), []);
    await expect(readFile(path())).rejects.toThrow('ENOENT');
    const records = await openBatchRecords(path(), 'p');
    await records.add(record('a', 1, null));
    await records.setHandle('a', { id: 'batch_1', location: { file: 'f' } });
    const before = await readFile(path(), 'utf8');
    await mergeBatches(path(), [record('a', 1, 'batch_1')]);
    expect(await readFile(path(), 'utf8')).toBe(before);
    await mergeBatches(path(), [record('b', 2)]);
    expect(await readFile(path(), 'utf8')).toContain(before);
  });
});
