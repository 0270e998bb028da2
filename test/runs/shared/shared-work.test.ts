import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HAS_POSTGRES, type PostgresServer, startPostgres } from '../stores/postgres-server.ts';
import { startWire } from './wire.ts';
import { type SharedModel, startSharedModel, startWorker } from './worker-processes.ts';
import type { WorkerTask } from './worker-program.ts';

const LATENCY_MS = 100;
const CONCURRENCY = 4;
const work = { conversations: 24, cases: 0, turns: 4, concurrency: CONCURRENCY };

describe.skipIf(!HAS_POSTGRES)('work that several processes share', { timeout: 300_000 }, () => {
  let server: PostgresServer;
  let dir: string;
  /** What one process writes on its own. */
  let expected: string;
  /** Number of calls that takes. */
  let needed: number;

  beforeAll(async () => {
    server = await startPostgres();
    dir = await mkdtemp(join(tmpdir(), 'aloe-shared-'));
    const { calls } = await withModel(0, async (model) => {
      const task = taskOf(model, join(dir, 'alone'), 'alone');
      await startWorker({ ...task, concurrency: 24 }).done;
      return model;
    });
    needed = calls.length;
    expected = await readFile(join(dir, 'alone.jsonl'), 'utf8');
  }, 300_000);
  afterAll(async () => {
    server.remove();
    await rm(dir, { recursive: true });
  });

  function taskOf(model: SharedModel, run: string, name: string): WorkerTask {
    return { ...work, run, name, baseUrl: model.baseUrl, out: join(dir, name) };
  }

  async function withModel<Value>(
    latencyMs: number,
    use: (model: SharedModel) => Promise<Value>,
  ): Promise<Value> {
    const model = await startSharedModel(latencyMs);
    try {
      return await use(model);
    } finally {
      await model.close();
    }
  }

  const writtenBy = (name: string) => readFile(join(dir, `${name}.jsonl`), 'utf8');
  const sentBy = (model: SharedModel, name: string) => model.calls.filter(({ worker }) => worker === name);

  async function untilSent(model: SharedModel, name: string, count: number): Promise<void> {
    while (sentBy(model, name).length < count) await sleep(20);
  }

  test('two processes write what one does, and each call is sent once', () =>
    withModel(LATENCY_MS, async (model) => {
      const workers = ['a1', 'b1'].map((name) => startWorker(taskOf(model, server.url('pair'), name)));
      await Promise.all(workers.map(({ done }) => done));
      expect(await writtenBy('a1')).toBe(expected);
      expect(await writtenBy('b1')).toBe(expected);
      expect({ calls: model.calls.length, repeats: model.repeats() }).toEqual({ calls: needed, repeats: 0 });
      for (const name of ['a1', 'b1']) expect(sentBy(model, name).length).toBeGreaterThan(0);

      const { calls } = await startWorker(taskOf(model, server.url('pair'), 'c1')).done;
      expect(calls).toBe(0);
      expect(await writtenBy('c1')).toBe(expected);
    }));

  test('one is killed: the other does the rest, and only what was in flight is sent again', () =>
    withModel(LATENCY_MS, async (model) => {
      const [killed, other] = ['a2', 'b2'].map((name) =>
        startWorker(taskOf(model, server.url('kill'), name)),
      );
      await untilSent(model, 'a2', 3 * CONCURRENCY);
      killed!.process.kill('SIGKILL');
      await killed!.gone;
      await other!.done;
      expect(await writtenBy('b2')).toBe(expected);
      expect(model.repeats()).toBeLessThanOrEqual(CONCURRENCY);
      expect(model.calls.length - model.repeats()).toBe(needed);
    }));

  test('one is frozen and thawed: it sends nothing for work that was given to the other', () =>
    withModel(LATENCY_MS, async (model) => {
      const [frozen, other] = ['a3', 'b3'].map((name) =>
        startWorker(taskOf(model, server.url('freeze'), name)),
      );
      await untilSent(model, 'a3', 3 * CONCURRENCY);
      frozen!.process.kill('SIGSTOP');
      await other!.done;
      const before = sentBy(model, 'a3').length;
      frozen!.process.kill('SIGCONT');
      await frozen!.done;
      expect(sentBy(model, 'a3').length).toBe(before);
      for (const name of ['a3', 'b3']) expect(await writtenBy(name)).toBe(expected);
      expect(model.repeats()).toBeLessThanOrEqual(CONCURRENCY);
      expect(model.calls.length - model.repeats()).toBe(needed);
    }));

  test('Ctrl-C gives jobs back at once', () =>
    withModel(LATENCY_MS, async (model) => {
      const first = startWorker(taskOf(model, server.url('stop'), 'a4'));
      await untilSent(model, 'a4', 3 * CONCURRENCY);
      first.process.kill('SIGINT');
      await first.gone;
      const run = "'run-' || (SELECT id FROM aloe.runs WHERE name = 'stop') || '-%'";
      const held = `SELECT count(*) FROM aloe_jobs.job WHERE state = 'active' AND name LIKE ${run}`;
      expect(server.sql(held)).toBe('0\n');
      await startWorker(taskOf(model, server.url('stop'), 'b4')).done;
      expect(await writtenBy('b4')).toBe(expected);
      expect(model.repeats()).toBe(0);
    }));

  test('the database crashes and comes back: nothing is lost and nothing is sent again', () =>
    withModel(LATENCY_MS, async (model) => {
      const workers = ['a6', 'b6'].map((name) => startWorker(taskOf(model, server.url('crash'), name)));
      await untilSent(model, 'a6', 3 * CONCURRENCY);
      server.crash();
      await sleep(3_000);
      await server.start();
      await Promise.all(workers.map(({ done }) => done));
      for (const name of ['a6', 'b6']) expect(await writtenBy(name)).toBe(expected);
      expect({ calls: model.calls.length, repeats: model.repeats() }).toEqual({ calls: needed, repeats: 0 });
    }));

  test('one is cut off from the database: the other does its work, and the outputs are equal', () =>
    withModel(LATENCY_MS, async (model) => {
      const wire = await startWire(server.port);
      const url = server.url('wire');
      const cut = startWorker(taskOf(model, url.replace(`:${server.port}`, `:${wire.port}`), 'a7'));
      const other = startWorker(taskOf(model, url, 'b7'));
      await untilSent(model, 'a7', 3 * CONCURRENCY);
      wire.cut();
      await other.done;
      wire.mend();
      await cut.done;
      wire.close();
      for (const name of ['a7', 'b7']) expect(await writtenBy(name)).toBe(expected);
      // What it had in flight, and could not store.
      expect(model.repeats()).toBeLessThanOrEqual(2 * CONCURRENCY);
      expect(model.calls.length - model.repeats()).toBe(needed);
    }));

  test('once the tables are there, a role that may only read and write rows can work', () =>
    withModel(0, async (model) => {
      server.sql(`CREATE ROLE worker LOGIN;
        GRANT USAGE ON SCHEMA aloe, aloe_jobs TO worker;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA aloe, aloe_jobs TO worker;`);
      await startWorker(taskOf(model, server.url('rights', 'worker'), 'a8')).done;
      expect(await writtenBy('a8')).toBe(expected);
    }));

  test('other personas or settings in another process are refused', () =>
    withModel(LATENCY_MS, async (model) => {
      const first = startWorker(taskOf(model, server.url('differ'), 'a5'));
      await untilSent(model, 'a5', CONCURRENCY);
      const other = startWorker({ ...taskOf(model, server.url('differ'), 'b5'), turns: 3 });
      await expect(other.done).rejects.toThrow('works on conversations of');
      await first.done;
      expect(await writtenBy('a5')).toBe(expected);
    }));
});
