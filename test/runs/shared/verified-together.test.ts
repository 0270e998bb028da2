import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readConversations } from '../../../src/conversations/conversation-files.ts';
import { decisionPoints } from '../../../src/conversations/conversation-tree.ts';
import { summarizeVerdicts } from '../../../src/verification/summarize-verdicts.ts';
import { HAS_POSTGRES, type PostgresServer, startPostgres } from '../stores/postgres-server.ts';
import { type SharedModel, startSharedModel, startWorker } from './worker-processes.ts';

const CONVERSATIONS = 16;
const TURNS = 3;
const CONCURRENCY = 3;
/** A pair is judged in both orders at once. */
const CALLS_OF_A_PAIR = 2;

describe.skipIf(!HAS_POSTGRES)('pairs that several processes verify', { timeout: 300_000 }, () => {
  let server: PostgresServer;
  let dir: string;
  let model: SharedModel;
  /** Conversations without verdicts. */
  let unverified: string;
  /** The same with the verdicts of one process. */
  let expected: string;

  beforeAll(async () => {
    server = await startPostgres();
    dir = await mkdtemp(join(tmpdir(), 'aloe-verified-'));
    unverified = join(dir, 'alone.jsonl');
    model = await startSharedModel(0);
    await start('alone', join(dir, 'alone'), { conversations: CONVERSATIONS, concurrency: 16 }).done;
    await start('alone', join(dir, 'alone'), { unverified, concurrency: 16 }).done;
    await model.close();
    expected = await verifiedBy('alone');
  }, 300_000);
  afterAll(async () => {
    server.remove();
    await rm(dir, { recursive: true });
  });

  beforeEach(async () => {
    model = await startSharedModel(100);
  });
  afterEach(() => model.close());

  function start(
    name: string,
    run: string,
    work: { readonly conversations?: number; readonly unverified?: string; readonly concurrency?: number },
  ) {
    const task = { conversations: 0, cases: 0, turns: TURNS, concurrency: CONCURRENCY, ...work };
    return startWorker({ ...task, run, name, baseUrl: model.baseUrl, out: join(dir, name) });
  }

  const verifiedBy = (name: string) => readFile(join(dir, `${name}.verified.jsonl`), 'utf8');
  const sentBy = (name: string) => model.calls.filter(({ worker }) => worker === name).length;
  const needed = CALLS_OF_A_PAIR * TURNS * CONVERSATIONS;

  test('one process alone judges every pair', async () => {
    const trees = await Array.fromAsync(readConversations(join(dir, 'alone.verified.jsonl')));
    const points = trees.flatMap((tree) => [...decisionPoints(tree)]);
    expect(points).toHaveLength(TURNS * CONVERSATIONS);
    expect(points.every(({ node }) => node.verdict?.orders.length === CALLS_OF_A_PAIR)).toBe(true);
    const { winners } = await summarizeVerdicts(trees);
    expect(Math.min(...Object.values(winners))).toBeGreaterThan(0);
  });

  test('two write the verdicts of one, and each pair is judged once', async () => {
    const workers = ['a1', 'b1'].map((name) => start(name, server.url('verify'), { unverified }));
    await Promise.all(workers.map(({ done }) => done));
    for (const name of ['a1', 'b1']) {
      expect(await verifiedBy(name)).toBe(expected);
      expect(sentBy(name)).toBeGreaterThan(0);
    }
    expect({ calls: model.calls.length, repeats: model.repeats() }).toEqual({ calls: needed, repeats: 0 });

    const { calls } = await start('c1', server.url('verify'), { unverified }).done;
    expect(calls).toBe(0);
    expect(await verifiedBy('c1')).toBe(expected);
  });

  test('one is killed: the other judges the rest, and only pairs in flight twice', async () => {
    const [killed, other] = ['a2', 'b2'].map((name) => start(name, server.url('killed'), { unverified }));
    while (sentBy('a2') < 3 * CALLS_OF_A_PAIR * CONCURRENCY) await sleep(20);
    killed!.process.kill('SIGKILL');
    await killed!.gone;
    await other!.done;
    expect(await verifiedBy('b2')).toBe(expected);
    expect(model.repeats()).toBeLessThanOrEqual(CALLS_OF_A_PAIR * CONCURRENCY);
    expect(model.calls.length - model.repeats()).toBe(needed);
  });
});
