import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { RunStorageError } from '../../../src/errors.ts';
import type { ChatModel } from '../../../src/models/chat-model.ts';
import type { RunEvent } from '../../../src/runs/events.ts';
import { removeRun } from '../../../src/runs/manage/remove-run.ts';
import { parsePostgresUrl } from '../../../src/runs/postgres/address.ts';
import { openPostgresStore, type PostgresStore } from '../../../src/runs/postgres/open-store.ts';
import { openRun } from '../../../src/runs/run.ts';
import { scriptedModel } from '../../../src/testing/scripted-model.ts';
import { completion, send, startChatServer } from '../../models/chat-server.ts';
import { startWire } from '../shared/wire.ts';
import { type FragileLink, fragileLink } from './fragile-link.ts';
import { HAS_POSTGRES, type PostgresServer, startPostgres } from './postgres-server.ts';

const PROGRAM = fileURLToPath(new URL('../fixtures/forty-calls.ts', import.meta.url));
const USAGE = { inputTokens: 3, cachedInputTokens: 1, outputTokens: 2 };

let server: PostgresServer;
let link: FragileLink | undefined;

/** The same run through a link that can be broken. */
async function openThroughLink(run: string): Promise<PostgresStore> {
  link = await fragileLink(server.port);
  return openPostgresStore(
    parsePostgresUrl(server.url(run).replace(`:${server.port}/`, `:${link.port}/`)),
    {},
  );
}

const ask = (model: ChatModel, subject: number) =>
  model.generate(
    { messages: [{ role: 'user', content: `Hello ${subject}` }] },
    { place: { task: 'test', subject: `call-${subject}`, role: 'speaker' } },
  );

/** What the tables hold of a run. */
const stored = (run: string) =>
  server
    .sql(`SELECT (SELECT count(*) FROM aloe.calls c WHERE c.run = r.id), (SELECT sum(calls) FROM aloe.spending s WHERE s.run = r.id)
      FROM aloe.runs r WHERE name = '${run}'`)
    .trim();

describe.skipIf(!HAS_POSTGRES)('a run in a database that fails', () => {
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.remove());
  afterEach(() => {
    link?.close();
    link = undefined;
    vi.unstubAllEnvs();
  });

  test('waits while the server is down, loses nothing and sends nothing twice', async () => {
    const events: RunEvent[] = [];
    const run = await openRun(server.url('crash'), {
      concurrency: 8,
      onEvent: (event) => events.push(event),
    });
    const sent: string[] = [];
    const model = run.model({
      id: 'gpt',
      generate: async ({ messages }) => {
        sent.push(messages[0]!.content);
        await sleep(5);
        return { text: messages[0]!.content, finishReason: 'stop', usage: USAGE };
      },
    });
    const work = Promise.all(
      Array.from({ length: 200 }, async (_, subject) => {
        const { text: answer } = await ask(model, subject);
        if (subject === 60) {
          server.crash();
          await sleep(2_500);
          await server.start();
        }
        return answer;
      }),
    );
    const answers = await work;
    await run.close();
    expect(answers).toEqual(Array.from({ length: 200 }, (_, subject) => `Hello ${subject}`));
    expect(sent).toHaveLength(200);
    expect(stored('crash')).toBe('200|200');
    const outage = events.filter(({ type }) => type.startsWith('database-'));
    expect(outage.map(({ type }) => type)).toEqual(['database-away', 'database-back']);
    expect(outage[0]).toMatchObject({
      run: expect.stringContaining('/aloe?run=crash'),
      error: expect.any(RunStorageError),
    });
  });

  test.each(['cut-after', 'drop-answer'] as const)(
    'counts a call once whose commit gets no answer (%s)',
    async (fate) => {
      const name = `torn-${fate}`;
      const store = await openThroughLink(name);
      let torn = 0;
      link!.onRequest = (data) => {
        if (torn === 3 || !data.includes('.calls (run, key')) return 'pass';
        torn += 1;
        return fate;
      };
      const values = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          store.journal.put(`key-${index}`, `test/s/1/r/${index}`, `"${index}"`, {
            model: 'gpt',
            usage: USAGE,
          }),
        ),
      );
      expect(torn).toBe(3);
      expect(values).toEqual(Array.from({ length: 20 }, (_, index) => `"${index}"`));
      expect(stored(name)).toBe('20|20');
      await store.close();
    },
  );

  test('a statement that is carried out after its connection was given up changes nothing', async () => {
    const store = await openThroughLink('late');
    await store.journal.put('before', 'test/s/1/r/0', '"before"', { model: 'gpt', usage: USAGE });
    const other = new pg.Client(server.url('').replace(/\?.*/, ''));
    await other.connect();
    await other.query('BEGIN; LOCK TABLE aloe.calls IN ACCESS EXCLUSIVE MODE');
    const waiting = () =>
      Number(
        server.sql(
          `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%.calls (run, key%'`,
        ),
      );
    const put = store.journal.put('k', 'test/s/1/r/1', '"value"', { model: 'gpt', usage: USAGE });
    await expect.poll(waiting).toBe(1);
    link!.cut();
    await expect.poll(waiting).toBe(2);
    await other.query('COMMIT');
    expect(await put).toBe('"value"');
    await other.end();
    await expect.poll(waiting).toBe(0);
    expect(stored('late')).toBe('2|2');
    await store.close();
  });

  test('closes while the server is down; what it recorded is there afterwards', async () => {
    const run = await openRun(server.url('left'), { budget: { tokens: 10_000 } });
    const model = run.model(scriptedModel('Fine.', { id: 'gpt' }));
    await ask(model, 1);
    server.crash();
    await run.close();
    await expect(ask(model, 2)).rejects.toThrow('The run is closed.');
    await server.start();
    expect(stored('left')).toBe('1|1');
  });

  test('tells once that the disk is full, waits, and tells once that there is room again', async () => {
    const events: RunEvent[] = [];
    const run = await openRun(server.url('full'), { onEvent: (event) => events.push(event) });
    const outage = () => events.map(({ type }) => type).filter((type) => type.startsWith('database-'));
    const model = run.model(scriptedModel('Fine.', { id: 'gpt' }));
    await ask(model, 1);
    server.sql(`CREATE FUNCTION aloe.full() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE 'No space left on device' USING ERRCODE = '53100'; END $$;
      CREATE TRIGGER full_disk BEFORE INSERT ON aloe.calls FOR EACH ROW EXECUTE FUNCTION aloe.full()`);
    const waiting = Promise.all([2, 3, 4].map((subject) => ask(model, subject)));
    await expect.poll(outage).toEqual(['database-away']);
    const told = events.find((event) => event.type === 'database-away')!;
    expect(told.error).toMatchObject({ message: expect.stringContaining('Free disk space on the server.') });
    // What needs no room still works, which does not mean that the database is back.
    for (let reports = 0; reports < 2; reports++) {
      const seen = server.sql('SELECT max(seen_at) FROM aloe.workers');
      await expect.poll(() => server.sql('SELECT max(seen_at) FROM aloe.workers')).not.toBe(seen);
    }
    expect(outage()).toEqual(['database-away']);
    server.sql('DROP TRIGGER full_disk ON aloe.calls; DROP FUNCTION aloe.full');
    await waiting;
    expect(outage()).toEqual(['database-away', 'database-back']);
    expect(run.stats().calls).toBe(4);
    await run.close();
    expect(stored('full')).toBe('4|4');
  });

  test('tells of a server that does not answer, also while nothing is asked of it', async () => {
    const wire = await startWire(server.port);
    const events: RunEvent[] = [];
    const run = await openRun(server.url('hangs').replace(`:${server.port}/`, `:${wire.port}/`), {
      onEvent: (event) => events.push(event),
    });
    wire.cut();
    await expect.poll(() => events.map(({ type }) => type)).toEqual(['database-away']);
    wire.mend();
    await expect.poll(() => events.map(({ type }) => type)).toEqual(['database-away', 'database-back']);
    await run.close();
    wire.close();
  });

  test('of one that lost its rights while it worked, calls fail and say what to grant', async () => {
    const owner = await openRun(server.url('revoked'));
    await owner.close();
    server.sql(`CREATE ROLE revoked LOGIN; GRANT USAGE ON SCHEMA aloe TO revoked;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA aloe TO revoked`);
    const run = await openRun(server.url('revoked', 'revoked'), {
      limits: { gpt: { requestsPerMinute: 60_000 } },
    });
    const model = run.model(scriptedModel('Fine.', { id: 'gpt' }));
    await ask(model, 1);
    server.sql('REVOKE INSERT ON aloe.live FROM revoked');
    let subject = 1;
    await expect.poll(() => ask(model, ++subject).then(() => '', String)).toMatch(/grant this role USAGE/);
    await run.close();
  });

  test('leaves nothing behind of a run that was removed while it was frozen', async () => {
    const store = await openPostgresStore(parsePostgresUrl(server.url('removed')), {});
    const id = server.sql(`SELECT id FROM aloe.runs WHERE name = 'removed'`).trim();
    server.sql(`UPDATE aloe.workers SET lease_until = now() - interval '1 s' WHERE run = ${id}`);
    await removeRun(server.url('removed'));
    const put = store.journal.put('k', 'test/s/1/r/1', '"late"', { model: 'gpt', usage: USAGE });
    await expect(put).rejects.toThrow('was removed while it was open');
    expect(server.sql(`SELECT count(*) FROM aloe.calls WHERE run = ${id}`)).toBe('0\n');
    await store.close();
  });

  test.each([
    ['other tables', 'CREATE TABLE foreign_1.runs (x integer)', /has tables of another program/],
    ['another version', 'CREATE TABLE foreign_1.version (number text)', /were made by another program/],
  ])('does not touch a schema with %s', async (_what, statement, message) => {
    server.sql(`DROP SCHEMA IF EXISTS foreign_1 CASCADE; CREATE SCHEMA foreign_1; ${statement}`);
    await expect(openRun(`${server.url('x')}&schema=foreign_1`)).rejects.toThrow(message);
    expect(server.sql(`SELECT count(*) FROM pg_tables WHERE schemaname = 'foreign_1'`)).toBe('1\n');
  });

  test('two processes with one run pay for each call once, also if one of them is killed', async () => {
    const chat = await startChatServer((body, response) => {
      const { content } = body.messages.at(-1)!;
      setTimeout(() => send(response, completion(`${content}, seed ${body.seed}`)), 20);
    });
    const start = (run: string): ChildProcess =>
      spawn(process.execPath, [PROGRAM, chat.baseUrl, server.url(run)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    const finish = async (program: ChildProcess) => {
      const [output] = await Promise.all([text(program.stdout!), once(program, 'exit')]);
      expect(program.exitCode).toBe(0);
      return JSON.parse(output) as string[];
    };
    const [one, two] = await Promise.all([finish(start('pair')), finish(start('pair'))]);
    expect(one).toHaveLength(40);
    expect(two).toEqual(one);
    expect(chat.seen).toHaveLength(40);

    const killed = start('killed');
    await expect.poll(() => chat.seen.length).toBeGreaterThan(50);
    const gone = once(killed, 'exit');
    killed.kill('SIGKILL');
    await gone;
    // The next one takes over what was in flight: at most four calls.
    expect(await finish(start('killed'))).toEqual(one);
    expect(chat.seen.length).toBeGreaterThanOrEqual(80);
    expect(chat.seen.length).toBeLessThanOrEqual(84);
    await chat.close();
  });

  test.each([
    [
      'a wrong password',
      (url: string) => url.replace('postgres@', 'guarded:canary-pa55-phrase@'),
      /Check user name and password/,
    ],
    [
      'no password',
      (url: string) => url.replace('postgres@', 'guarded@'),
      /PGPASSWORD, ~\/\.pgpass or the URL/,
    ],
    [
      'an unknown user',
      (url: string) => url.replace('postgres@', 'nobody-here@'),
      /role "nobody-here" does not exist/,
    ],
    ['a missing database', (url: string) => url.replace('/aloe?', '/absent?'), /Create the database first/],
    [
      'a port where nothing listens',
      (url: string) => url.replace(/:\d+\//, ':1/'),
      /cannot be reached .*Check host and port/,
    ],
  ])('%s fails at once, with what to do', async (_what, change, message) => {
    server.sql(
      `DROP ROLE IF EXISTS guarded; CREATE ROLE guarded LOGIN SUPERUSER PASSWORD 'right-pa55-phrase'`,
    );
    const error = await openRun(change(server.url('refused'))).catch((refused: unknown) => refused);
    expect(error).toBeInstanceOf(RunStorageError);
    expect((error as Error).message).toMatch(message);
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('canary-pa55-phrase');
  });

  test('takes a password from the URL or from PGPASSWORD, and shows it nowhere', async () => {
    const password = 'canary-pa55-phrase';
    server.sql(`DROP ROLE IF EXISTS guarded; CREATE ROLE guarded LOGIN SUPERUSER PASSWORD '${password}'`);
    const url = server.url('guarded', 'guarded');
    const events: RunEvent[] = [];
    const options = { onEvent: (event: RunEvent) => events.push(event) };
    const store = await openPostgresStore(
      parsePostgresUrl(url.replace('guarded@', `guarded:${password}@`)),
      options,
    );
    await store.journal.put('k', 'p', '"v"');
    const { pool } = store.database;
    server.crash();
    const waiting = store.journal.put('k2', 'p', '"v"');
    await expect.poll(() => events.length).toBe(1);
    await server.start();
    await waiting;
    for (const shown of [
      inspect(pool, { depth: Infinity }),
      inspect(store.name),
      JSON.stringify(pool.options),
      inspect(events, { depth: Infinity, showHidden: true }),
    ]) {
      expect(shown).not.toContain(password);
    }
    await store.close();
    expect(server.log()).not.toContain(password);

    vi.stubEnv('PGPASSWORD', password);
    const run = await openRun(url);
    expect(inspect(run, { depth: Infinity, showHidden: true })).not.toContain(password);
    expect((await ask(run.model(scriptedModel('Fine.', { id: 'gpt' })), 1)).text).toBe('Fine.');
    await run.close();
  });
});
