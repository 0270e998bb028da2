import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BudgetExceededError, RunConflictError, RunStorageError } from '../../../src/errors.ts';
import type { ChatModel } from '../../../src/models/chat-model.ts';
import type { RunEvent } from '../../../src/runs/events.ts';
import { openRun, type Run, type RunOptions } from '../../../src/runs/run.ts';
import { scriptedModel } from '../../../src/testing/scripted-model.ts';
import { HAS_POSTGRES, type PostgresServer, startPostgres } from './postgres-server.ts';

let server: PostgresServer;
let url: string;
let runs = 0;
const opened: Run[] = [];

async function open(options: RunOptions = {}, where = url): Promise<Run> {
  const run = await openRun(where, options);
  opened.push(run);
  return run;
}

const ask = (run: Run, model: ChatModel, subject: string | number, maxOutputTokens = 10) =>
  run
    .model(model)
    .generate(
      { messages: [{ role: 'user', content: `Hello ${subject}` }], maxOutputTokens },
      { place: { task: 'test', subject: String(subject), role: 'speaker' } },
    );

/** A model that takes its time, and counts. */
function slowModel(id = 'gpt', ms = 20) {
  const sent: string[] = [];
  const model: ChatModel = {
    id,
    async generate({ messages }) {
      sent.push(messages[0]!.content);
      const number = sent.length;
      await new Promise((resolve) => setTimeout(resolve, ms));
      const usage = { inputTokens: 5, cachedInputTokens: 0, outputTokens: 5 };
      return { text: `answer ${number} of ${messages[0]!.content}`, finishReason: 'stop', usage };
    },
  };
  return { model, sent };
}

/** Makes every worker of the run look dead, as its leases lapse. */
const killAll = () => {
  server.sql(`UPDATE aloe.workers SET lease_until = now() - interval '1 s' WHERE run =
    (SELECT id FROM aloe.runs WHERE name = '${new URL(url).searchParams.get('run')}') AND closed_at IS NULL`);
};

describe.skipIf(!HAS_POSTGRES)('a run that several processes share', () => {
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.remove());

  const fresh = () => {
    url = server.url(`shared-${runs++}`);
  };
  const closeAll = async () => {
    await Promise.all(opened.splice(0).map((run) => run.close()));
  };

  test('sends each call once, and all get the same answer', async () => {
    fresh();
    const { model, sent } = slowModel();
    const events: RunEvent[] = [];
    const all = await Promise.all([1, 2, 3].map(() => open({ onEvent: (event) => events.push(event) })));
    const subjects = Array.from({ length: 30 }, (_, index) => index);
    const answers = await Promise.all(
      all.map((run) => Promise.all(subjects.map(async (subject) => (await ask(run, model, subject)).text))),
    );
    expect(sent.toSorted()).toEqual(subjects.map((subject) => `Hello ${subject}`).toSorted());
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    const totals = all.map((run) => run.stats());
    expect(totals.reduce((sum, { calls }) => sum + calls, 0)).toBe(30);
    expect(totals.reduce((sum, { replayed }) => sum + replayed, 0)).toBe(60);
    expect(events.filter(({ type }) => type === 'call-start')).toHaveLength(30);
    await closeAll();
    expect(server.sql('SELECT count(*) FROM aloe.claims')).toBe('0\n');
    const later = await open();
    expect((await ask(later, model, 3)).text).toBe(answers[0]![3]);
    expect(later.stats().spending.calls).toBe(30);
    await closeAll();
  });

  test('takes over the call of one that died, and of one whose call failed', async () => {
    fresh();
    const first = await open();
    let answer = (_text: string) => {};
    const stuck: ChatModel = {
      id: 'gpt',
      generate: async () => {
        const text = await new Promise<string>((resolve) => {
          answer = resolve;
        });
        return {
          text,
          finishReason: 'stop',
          usage: { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 },
        };
      },
    };
    const late = ask(first, stuck, 'a');
    await expect.poll(() => server.sql('SELECT count(*) FROM aloe.claims')).toBe('1\n');
    const second = await open();
    const { model, sent } = slowModel();
    const taken = ask(second, model, 'a');
    killAll();
    // Its own lease is renewed by its next report.
    expect((await taken).text).toBe('answer 1 of Hello a');
    answer('too late');
    expect((await late).text).toBe('answer 1 of Hello a');
    expect(sent).toEqual(['Hello a']);

    const failing = scriptedModel(
      () => {
        throw new Error('broken');
      },
      { id: 'gpt' },
    );
    await expect(ask(first, failing, 'b')).rejects.toThrow('broken');
    expect(server.sql('SELECT count(*) FROM aloe.claims')).toBe('0\n');
    expect((await ask(second, model, 'b')).text).toBe('answer 2 of Hello b');
    await closeAll();
  });

  test.each([
    ['tokens', { tokens: 1_000 }],
    ['dollars', { usd: 1_000 }],
  ])('never spends more than its budget in %s together, and nearly all of it', async (_unit, budget) => {
    fresh();
    const prices = { gpt: { input: 1_000_000, output: 1_000_000 } };
    const all = await Promise.all([1, 2, 3, 4].map(() => open({ budget, prices, concurrency: 4 })));
    const { model, sent } = slowModel();
    const work = async (run: Run, name: number) => {
      let answered = 0;
      try {
        for (;;) {
          await Promise.all([0, 1, 2, 3].map((lane) => ask(run, model, `${name}-${answered}-${lane}`, 5)));
          answered += 4;
        }
      } catch (error) {
        expect(error).toBeInstanceOf(BudgetExceededError);
        expect((error as Error).message).toMatch(/spent so far: \$?\d+(\.\d+)? of \$?1000/);
      }
    };
    await Promise.all(all.map(work));
    await closeAll();
    // Ten a call; each reserves up to 18.
    expect(sent.length * 10).toBeLessThanOrEqual(1_000);
    expect(sent.length * 10).toBeGreaterThan(900);
    const later = await open({ budget, prices });
    await expect(ask(later, model, 'later', 100)).rejects.toThrow(BudgetExceededError);
    await closeAll();
  });

  test('counts in dollars what another process spent on calls whose tokens are an estimate', async () => {
    fresh();
    const budget = { usd: 40 };
    const prices = { gpt: { input: 1_000_000, output: 1_000_000 } };
    const usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
    const model: ChatModel = {
      id: 'gpt',
      generate: async () => ({ text: '12345', finishReason: 'stop', usage }),
    };
    const first = await open({ budget, prices });
    await ask(first, model, 'a');
    await ask(first, model, 'b');
    const { usd, estimatedCalls } = first.stats().spending;
    expect(estimatedCalls).toBe(2);
    expect(usd).toBeGreaterThan(20);
    // Leaves as one that died does: only what it recorded counts.
    server.sql('UPDATE aloe.workers SET granted_usd = 0, granted_tokens = 0, closed_at = now()');
    const second = await open({ budget, prices });
    await expect(ask(second, model, 'c', 20)).rejects.toThrow(BudgetExceededError);
    await closeAll();
  });

  test('gives the budget of one that died to the others, but for what it recorded', async () => {
    fresh();
    const budget = { tokens: 200 };
    const first = await open({ budget });
    const { model } = slowModel();
    await ask(first, model, 'a', 5);
    let end = () => {};
    const stuck: ChatModel = {
      id: 'gpt',
      generate: () =>
        new Promise((_resolve, reject) => {
          end = () => reject(new Error('broken'));
        }),
    };
    const held = ask(first, stuck, 'large', 150).catch(() => {});
    await expect.poll(() => server.sql('SELECT count(*) FROM aloe.claims')).toBe('1\n');
    const second = await open({ budget });
    const waiting = ask(second, model, 'b', 150);
    await expect
      .poll(() => server.sql('SELECT count(*) FROM aloe.workers WHERE needs AND lease_until > now()'))
      .toBe('1\n');
    server.sql(
      `UPDATE aloe.workers SET closed_at = NULL, lease_until = now() - interval '1 s' WHERE granted_tokens > 100`,
    );
    expect((await waiting).text).toBe('answer 2 of Hello b');
    end();
    await held;
    await closeAll();
  });

  test('spreads calls over time as the limit says, whoever sends them', async () => {
    fresh();
    const limits = { gpt: { requestsPerMinute: 3_000 } };
    const all = await Promise.all([1, 2, 3].map(() => open({ limits, concurrency: 10 })));
    const times: number[] = [];
    const model = scriptedModel(
      () => {
        times.push(performance.now());
        return 'Fine.';
      },
      { id: 'gpt' },
    );
    await Promise.all(
      all.map((run, index) =>
        Promise.all(Array.from({ length: 20 }, (_, number) => ask(run, model, `${index}-${number}`))),
      ),
    );
    expect(times).toHaveLength(60);
    // 20 ms between two calls: the last is sent 59 of these after the first, or later on a busy machine.
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(59 * 20 - 50);
    await closeAll();
  });

  test('adds up what servers say of themselves', async () => {
    fresh();
    const [one, two] = await Promise.all([open(), open()]);
    const served = (address: string, name: string): ChatModel => ({
      id: `gpt-${name}`,
      server: { address, stable: true },
      generate: async () => ({
        text: 'Fine.',
        finishReason: 'stop',
        usage: { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 },
        served: { model: name },
      }),
    });
    await Promise.all([ask(one!, served('a:1', 'x'), 1), ask(two!, served('b:1', 'y'), 2)]);
    await closeAll();
    const [servers, reported] = server
      .sql(`SELECT servers, reported FROM aloe.runs WHERE name = '${new URL(url).searchParams.get('run')}'`)
      .trim()
      .split('|');
    expect(JSON.parse(servers!)).toEqual({ 'gpt-x': 'a:1', 'gpt-y': 'b:1' });
    expect(JSON.parse(reported!)).toEqual({ 'gpt-x': ['x'], 'gpt-y': ['y'] });
  });

  test('is replayed by a role that may only read, and worked on by one without any right to create', async () => {
    fresh();
    const { model, sent } = slowModel();
    const owner = await open({ seed: 3 });
    await ask(owner, model, 'a');
    server.sql(`CREATE ROLE worker LOGIN; GRANT USAGE ON SCHEMA aloe TO worker;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA aloe TO worker;
      CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA aloe TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA aloe TO reader;
      REVOKE CREATE ON DATABASE aloe FROM PUBLIC`);
    const as = (user: string) => server.url(new URL(url).searchParams.get('run')!, user);
    const worker = await open({}, as('worker'));
    expect((await ask(worker, model, 'a')).text).toBe('answer 1 of Hello a');
    await ask(worker, model, 'b');
    const reader = await open({ readOnly: true }, as('reader'));
    expect(reader).toMatchObject({ readOnly: true, seed: 3, dir: null });
    expect((await ask(reader, model, 'b')).text).toBe('answer 2 of Hello b');
    await expect(ask(reader, model, 'c')).rejects.toThrow(RunStorageError);
    await expect(ask(reader, model, 'c')).rejects.toThrow(/is read-only and holds no answer/);
    expect(sent).toHaveLength(2);
    await expect(openRun(as('reader'))).rejects.toThrow(/GRANT|grant this role/);
    const schema = `${server.url('x', 'worker')}&schema=other`;
    await expect(openRun(schema)).rejects.toThrow(/Open the run once as the owner/);
    await expect(openRun(server.url('none'), { readOnly: true })).rejects.toThrow(/does not exist/);
    await closeAll();
  });

  test('ends in words when it is removed, or was made by a newer version', async () => {
    fresh();
    const run = await open();
    const { model } = slowModel();
    await ask(run, model, 'a');
    server.sql(`DELETE FROM aloe.runs WHERE name = '${new URL(url).searchParams.get('run')}'`);
    let number = 0;
    await expect
      .poll(() => ask(run, model, `b${number++}`).catch(String))
      .toMatch(/was removed while it was open/);
    await closeAll();
    server.sql(`CREATE SCHEMA later; CREATE TABLE later.version AS SELECT 99 AS version`);
    const newer = openRun(`${url}&schema=later`);
    await expect(newer).rejects.toThrow(RunConflictError);
    await expect(newer).rejects.toThrow(/newer version/);
  });
});
