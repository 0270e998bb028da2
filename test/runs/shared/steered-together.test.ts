import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectToRun } from '../../../src/control/connect.ts';
import { createControl } from '../../../src/control/create-control.ts';
import type { FinishedWork } from '../../../src/control/finished-work.ts';
import type { LiveState } from '../../../src/control/live-state.ts';
import type { RetuneReply } from '../../../src/control/protocol.ts';
import { describeProgress } from '../../../src/progress/describe-progress.ts';
import { trackProgress } from '../../../src/progress/progress.ts';
import type { RunEvent } from '../../../src/runs/events.ts';
import { openRun, type Run, type RunOptions } from '../../../src/runs/run.ts';
import { scriptedModel } from '../../../src/testing/scripted-model.ts';
import { runAloe } from '../../cli/run-program.ts';
import { HAS_POSTGRES, type PostgresServer, startPostgres } from '../stores/postgres-server.ts';
import { startSharedModel, startWorker } from './worker-processes.ts';

const CONCURRENCY = 4;

describe.skipIf(!HAS_POSTGRES)('processes that share a run', { timeout: 300_000 }, () => {
  let server: PostgresServer;
  let dir: string;
  beforeAll(async () => {
    server = await startPostgres();
    dir = await mkdtemp(join(tmpdir(), 'aloe-steered-'));
  }, 300_000);
  afterAll(async () => {
    server.remove();
    await rm(dir, { recursive: true });
  });

  async function ask<Answer>(url: string, task: Parameters<Client['ask']>[0]): Promise<Answer> {
    const client = await connectToRun(url);
    try {
      return (await client.ask(task)) as Answer;
    } finally {
      client.close();
    }
  }
  type Client = Awaited<ReturnType<typeof connectToRun>>;
  const stateOf = (url: string) => ask<LiveState>(url, { do: 'state' });

  test('are paused, retuned and resumed by one command, and end as if nothing had been', async () => {
    // Slow until it is paused: on a busy machine, the command comes late.
    const model = await startSharedModel(1_500);
    const url = server.url('steered');
    const task = { conversations: 24, cases: 0, turns: 4, baseUrl: model.baseUrl, concurrency: CONCURRENCY };
    const start = (name: string, run: string) => startWorker({ ...task, run, name, out: join(dir, name) });
    const workers = ['a', 'b'].map((name) => start(name, url));
    const sentBy = (name: string) => model.calls.filter(({ worker }) => worker === name).length;
    while (sentBy('a') < 8 || sentBy('b') < 8) await sleep(20);

    const paused = await runAloe(['runs', 'pause', url]);
    expect(paused.stdout).toMatch(/^Paused 2 processes of .*\?run=steered\. .*aloe runs resume /);
    const inFlight = async () => (await stateOf(url)).models.map((own) => own.inFlight);
    await expect.poll(inFlight).toEqual([0]);
    const sent = model.calls.length;
    model.answerAfter(50);
    // One that comes meanwhile is paused too.
    const third = start('c', url);
    await expect.poll(async () => (await stateOf(url)).processes?.length).toBe(3);
    await sleep(500);
    expect(model.calls.length).toBe(sent);
    const again = await runAloe(['runs', 'pause', url]);
    expect(again.stdout).toContain('was paused already');

    const retuned = await runAloe(['runs', 'retune', url, '--concurrency', '2', '--budget-tokens', '1e9']);
    expect(retuned.stdout).toMatch(/concurrency 4 -> 2, token budget none -> 1000000000\.\n$/);
    const watched = await runAloe(['runs', 'watch', url]);
    expect(watched.stdout).toMatch(/: 3 processes, for .*\nPAUSED for /);
    expect(watched.stdout).toMatch(new RegExp(`All processes of the run so far: ${sent} calls,`));
    expect(watched.stdout.match(/\| \d+ on .* \| 2 \| \d \|/g)).toHaveLength(3);
    expect((await stateOf(url)).settings.budget.tokens).toBe(1e9);

    expect((await runAloe(['runs', 'resume', url])).stdout).toContain('Resumed ');
    await Promise.all([...workers, third].map(({ done }) => done));
    await start('alone', join(dir, 'alone')).done;
    const written = (name: string) => readFile(join(dir, `${name}.jsonl`), 'utf8');
    for (const name of ['a', 'b', 'c']) expect(await written(name)).toBe(await written('alone'));
    expect(sentBy('c')).toBeGreaterThan(0);
    const gone = await runAloe(['runs', 'watch', url]);
    expect(gone).toMatchObject({ code: 2, stdout: '' });
    expect(gone.stderr).toContain('No process works on');
    const record = server.sql(`SELECT string_agg(task->>'do', ',' ORDER BY id) FROM aloe.steering`);
    expect(record).toBe('pause,retune,resume\n');
    await model.close();
  });

  test('show the texts of what any of them has finished', async () => {
    const model = await startSharedModel(500);
    const url = server.url('read');
    const work = { conversations: 50, cases: 3, turns: 2 };
    const task = { ...work, run: url, baseUrl: model.baseUrl, concurrency: CONCURRENCY };
    const workers = ['k', 'l'].map((name) => startWorker({ ...task, name, out: join(dir, name) }));
    await expect.poll(async () => (await stateOf(url)).finished).toBeGreaterThan(1);
    const first = await ask<FinishedWork>(url, { do: 'finished', after: 0 });
    model.answerAfter(50);
    expect(first.pieces).toHaveLength(Math.min(first.next, 40));
    expect(first.pieces[0]).toMatchObject({ kind: 'conversation', tree: { root: { turn: 1 } } });
    await Promise.all(workers.map(({ done }) => done));

    const last = await ask<FinishedWork>(url, { do: 'finished', after: first.next });
    expect(last.next).toBe(53);
    const played = last.pieces.filter((piece) => piece.kind === 'case');
    expect(new Set(played.map((piece) => piece.played.caseId)).size).toBe(3);
    expect(played[0]).toMatchObject({ candidate: 'teacher', played: { turns: [{ turn: 1 }, { turn: 2 }] } });
    const none = await ask<FinishedWork>(url, { do: 'finished', after: 53 });
    expect(none).toEqual({ pieces: [], next: 53 });
    await model.close();
  });

  test('are paused also where one is frozen: it follows before it sends anything', async () => {
    const model = await startSharedModel(500);
    const url = server.url('frozen');
    const task = { conversations: 24, cases: 0, turns: 4, baseUrl: model.baseUrl, concurrency: CONCURRENCY };
    const [frozen, other] = ['f', 'g'].map((name) =>
      startWorker({ ...task, run: url, name, out: join(dir, name) }),
    );
    const sentBy = (name: string) => model.calls.filter(({ worker }) => worker === name).length;
    while (sentBy('f') < 8 || sentBy('g') < 8) await sleep(20);
    frozen!.process.kill('SIGSTOP');
    // It is not waited for longer than its lease.
    expect(await ask(url, { do: 'pause' })).toMatchObject({ changed: true, state: { processes: [{}] } });
    const sent = sentBy('f');
    model.answerAfter(50);
    frozen!.process.kill('SIGCONT');
    await expect.poll(async () => (await stateOf(url)).processes?.length).toBe(2);
    await sleep(500);
    expect(sentBy('f')).toBe(sent);
    await ask(url, { do: 'resume' });
    await Promise.all([frozen, other].map((worker) => worker!.done));
    expect(await readFile(join(dir, 'f.jsonl'), 'utf8')).toBe(await readFile(join(dir, 'g.jsonl'), 'utf8'));
    expect(model.repeats()).toBeLessThanOrEqual(CONCURRENCY);
    await model.close();
  });

  const opened: Run[] = [];
  async function open(url: string, options: RunOptions = {}): Promise<Run> {
    const run = await openRun(url, options);
    opened.push(run);
    return run;
  }
  const closeAll = () => Promise.all(opened.splice(0).map((run) => run.close()));
  const call = (run: Run, subject: string, text = 'Fine.') =>
    run
      .model(scriptedModel(text, { id: 'gpt' }))
      .generate(
        { messages: [{ role: 'user', content: `Hello ${subject}` }] },
        { place: { task: 'test', subject, role: 'speaker' } },
      );

  test('keep a pause beyond their end, and settings until the last has gone', async () => {
    const url = server.url('kept');
    const first = await open(url, { concurrency: 3 });
    await call(first, 'a');
    await expect.poll(async () => (await stateOf(url)).models).toHaveLength(1);
    await ask(url, {
      do: 'retune',
      changes: { concurrency: 5, limits: { gpt: { requestsPerMinute: 900 } } },
    });
    await ask(url, { do: 'pause' });
    const second = await open(url, { concurrency: 3 });
    expect(second.concurrency).toBe(5);
    expect(second.steering!.pausedSince).not.toBeNull();
    second.model(scriptedModel('Fine.', { id: 'gpt' }));
    expect(second.steering!.settings.limits.gpt?.requestsPerMinute).toBe(900);
    await closeAll();
    expect((await runAloe(['runs', 'show', url])).stdout).toMatch(/Paused since \d{4}-/);
    expect((await runAloe(['runs', 'list', url])).stdout).toMatch(/run=kept` \| paused/);

    const events: RunEvent[] = [];
    const later = await open(url, { concurrency: 3, onEvent: (event) => events.push(event) });
    expect(events.map(({ type }) => type)).toEqual(['run-paused']);
    expect(later.concurrency).toBe(3);
    const waiting = call(later, 'b');
    await ask(url, { do: 'resume' });
    expect((await waiting).text).toBe('Fine.');
    await closeAll();
    expect(await ask(url, { do: 'resume' })).toEqual({ changed: false });
    await expect(ask(url, { do: 'pause' })).rejects.toThrow('No process works on');
  });

  test('refuse together what one of them cannot do', async () => {
    const url = server.url('refusing');
    const prices = { gpt: { input: 1, output: 1 } };
    const [priced] = [await open(url, { prices }), await open(url)];
    await Promise.all(opened.map((run, index) => call(run, `${index}`)));
    const changed = (changes: Parameters<NonNullable<Run['steering']>['retune']>[0]) =>
      ask<RetuneReply>(url, { do: 'retune', changes });
    const told = `SELECT count(*) FROM aloe.live l JOIN aloe.workers w ON w.id = l.worker
      WHERE run = (SELECT id FROM aloe.runs WHERE name = 'refusing') AND jsonb_array_length(state->'traffic') = 1`;
    await expect.poll(() => server.sql(told)).toBe('2\n');
    await expect(changed({ budget: { usd: 5 } })).rejects.toThrow(/^Option "prices\["gpt"\]".*a price/);
    await expect(changed({ concurrency: 0.5 })).rejects.toThrow(/concurrency/);
    await expect(changed({ limits: { other: { requestsPerMinute: 5 } } })).rejects.toThrow(
      /no model "other".*gpt/,
    );
    expect(priced!.steering!.settings).toMatchObject({ concurrency: 16, budget: { usd: null } });

    // As if one had met its model only after the change was checked.
    server.sql(`INSERT INTO aloe.steering (run, host, pid, task) SELECT id, 'here', 1,
      '{"do":"retune","changes":{"budget":{"usd":5}}}' FROM aloe.runs WHERE name = 'refusing'`);
    await expect
      .poll(async () => (await stateOf(url)).processes?.map(({ problem }) => problem))
      .toEqual([null, expect.stringContaining('a price, because the budget is in dollars')]);
    expect((await runAloe(['runs', 'watch', url])).stdout).toMatch(/Process \d+ on .* did not follow: /);
    await expect.poll(() => priced!.steering!.settings.budget.usd).toBe(5);
    await closeAll();
  });

  test('show each other what they spend and what is in flight', async () => {
    const url = server.url('shown');
    const track = trackProgress({ prices: { gpt: { input: 1_000_000, output: 1_000_000 } } });
    const own = await open(url, { onEvent: track, prices: { gpt: { input: 1_000_000, output: 1_000_000 } } });
    const control = createControl();
    const other = await open(url, { onEvent: control.take });
    control.stage = 'asking';
    await control.open(other);
    await call(own, 'a');
    await call(other, 'b');
    await call(other, 'c');
    let end = (_text: string) => {};
    const stuck = other
      .model({
        id: 'slow',
        free: true,
        generate: async () => {
          const text = await new Promise<string>((resolve) => {
            end = resolve;
          });
          return {
            text,
            finishReason: 'stop',
            usage: { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 },
          };
        },
      })
      .generate({ messages: [{ role: 'user', content: 'Hello' }] });
    await expect.poll(() => track().others).toMatchObject({ processes: 1, calls: 2, inFlight: 1 });
    expect(describeProgress(track())).toMatch(/^2 processes, 3 calls, 1 in flight, .*\$\d/);
    expect(own.stats().spending.calls).toBe(3);
    await expect
      .poll(() => stateOf(url))
      .toMatchObject({
        run: expect.stringContaining('?run=shown'),
        stage: 'asking',
        progress: { calls: 3, inFlight: 1 },
        spending: { calls: 3 },
        models: [{ model: 'gpt', calls: 2, inFlight: 0 }],
        processes: [
          { calls: 1, inFlight: 0 },
          { calls: 2, inFlight: 1, concurrency: 16 },
        ],
      });
    end('Done.');
    await stuck;
    await other.close();
    await expect.poll(() => track().others).toMatchObject({ processes: 0, calls: 3, inFlight: 0 });
    await closeAll();
  });

  test('are not steered through tables of an older version, nor of a newer one', async () => {
    const url = server.url('version');
    await open(url);
    await closeAll();
    server.sql('UPDATE aloe.version SET version = 99');
    await expect(connectToRun(url)).rejects.toThrow(/newer version/);
    await expect(openRun(url, { readOnly: true })).rejects.toThrow(/newer version/);
    server.sql(`DROP TABLE aloe.steering, aloe.live; UPDATE aloe.version SET version = 1;
      ALTER TABLE aloe.workers DROP COLUMN steered_from, DROP COLUMN steered`);
    await expect(connectToRun(url)).rejects.toThrow(/older version/);
    const readOnly = await openRun(url, { readOnly: true });
    await readOnly.close();
    // Whoever opens it next brings the tables up to date.
    await open(url);
    expect(await stateOf(url)).toMatchObject({ processes: [{ problem: null }] });
    await closeAll();
  });

  test('do not take a model that answers in batches', async () => {
    const run = await open(server.url('batches'));
    const model = scriptedModel('Fine.', { id: 'gpt' });
    const inBatches = () => ({ model, close: async () => {} });
    expect(() => run.model({ ...model, inBatches })).toThrow(
      /"gpt" answers in batches, which a run in PostgreSQL does not record\. Keep the run in a directory/,
    );
    await closeAll();
  });
});
