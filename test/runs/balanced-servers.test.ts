import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { RunConflictError } from '../../src/errors.ts';
import { balanced } from '../../src/models/balancing/balanced.ts';
import type { ChatModel } from '../../src/models/chat-model.ts';
import { openaiCompatible } from '../../src/models/openai-compatible.ts';
import type { Persona } from '../../src/personas/persona.ts';
import type { RunEvent } from '../../src/runs/events.ts';
import { memoryRun, openRun } from '../../src/runs/run.ts';
import { type ChatServer, completion, send, startChatServer } from '../models/chat-server.ts';

const RETRY = { baseDelayMs: 1, retries: 3 };

let servers: ChatServer[];
beforeEach(async () => {
  servers = await Promise.all([startChatServer(), startChatServer(), startChatServer()]);
});
afterEach(() => Promise.all(servers.map((server) => server.close())));

function model(revision?: string): ChatModel {
  return balanced(servers.map(({ baseUrl }) => openaiCompatible('m', { baseUrl, revision })));
}

const ask = (wrapped: ChatModel, subject: string, turn = 1) =>
  wrapped.generate(
    { messages: [{ role: 'user', content: `${subject}, ${turn}` }] },
    { place: { task: 'chat', subject, turn, role: 'speaker' } },
  );

const personas = (count: number): Persona[] =>
  Array.from({ length: count }, (_, number) => ({
    id: `p${number}`,
    profile: { id: `life${number}`, facts: [`Keeps ${number + 2} goats`, `Lives at number ${number}`] },
    personality: { id: `mind${number}`, traits: [`Laughs ${number + 2} times a day`, 'Hates small talk'] },
  }));

/** Talks as a role-player, inducer or responder would. */
function talkative(server: ChatServer): void {
  server.answer = (body, response) =>
    send(
      response,
      completion(
        body.response_format === undefined
          ? `I thought of ${body.messages.length} things to say, and of number ${body.seed}.`
          : '{"revealed": []}',
      ),
    );
}

describe('a run over several servers', () => {
  test('spreads conversations over them, and every turn of one goes to the same', async () => {
    const run = memoryRun({ concurrency: 8 });
    const wrapped = run.model(model('r1'));
    const playing = Array.from({ length: 60 }, async (_, number) => {
      for (let turn = 1; turn <= 5; turn++) await ask(wrapped, `c${number}`, turn);
    });
    await Promise.all(playing);
    await run.close();
    const shares = servers.map(({ seen }) => seen.length);
    expect(shares.reduce((sum, share) => sum + share)).toBe(300);
    for (const share of shares) expect(share).toBeGreaterThan(50);
    const homes = new Map<string, Set<ChatServer>>();
    for (const server of servers) {
      for (const { body } of server.seen) {
        const [subject = ''] = body.messages[0]!.content.split(',');
        homes.set(subject, (homes.get(subject) ?? new Set()).add(server));
      }
    }
    // Some move while their server has more than its share of the eight in flight.
    const moves = [...homes.values()].reduce((sum, { size }) => sum + size - 1, 0);
    expect(moves).toBeLessThan(60);
  });

  test('survives one that dies in the middle: no call fails, and the files are those of an undisturbed run', async () => {
    for (const server of servers) talkative(server);
    const build = async (onEvent: (event: RunEvent) => void) => {
      const run = memoryRun({ seed: 7, concurrency: 12, retry: RETRY, onEvent });
      const builder = new ConversationTreeBuilder({ run, roles: model('r1'), turns: 4, order: 'input' });
      const trees = [];
      for await (const tree of builder.build(personas(24))) trees.push(tree);
      await run.close();
      return { trees, calls: run.stats().calls };
    };
    const undisturbed = await build(() => {});
    let ended = 0;
    const events: RunEvent[] = [];
    const disturbed = await build((event) => {
      events.push(event);
      if (event.type === 'call-end' && ++ended === 100) void servers[1]!.close();
    });
    expect(disturbed).toEqual(undisturbed);
    expect(events.filter(({ type }) => type === 'call-error')).toEqual([]);
    const left = events.filter((event) => event.type === 'server-left');
    expect(left).toEqual([
      {
        type: 'server-left',
        model: 'm@r1',
        server: servers[1]!.baseUrl.replace('http://', ''),
        error: expect.any(Error),
      },
    ]);
    servers.splice(1, 1);
  });

  test('gives a server that comes back its calls again', async () => {
    const events: RunEvent[] = [];
    const run = memoryRun({ retry: RETRY, onEvent: (event) => events.push(event) });
    const wrapped = run.model(model('r1'));
    const first = servers[0]!;
    const { answer } = first;
    first.answer = (_, response) => send(response, { error: { message: 'loading' } }, 503);
    for (let number = 0; number < 40; number++) await ask(wrapped, `c${number}`);
    expect(events.filter(({ type }) => type === 'server-left')).toHaveLength(1);
    first.answer = answer;
    let number = 40;
    await vi.waitUntil(
      async () => {
        await ask(wrapped, `c${number++}`);
        return events.some(({ type }) => type === 'server-back');
      },
      { timeout: 60_000 },
    );
    const before = first.seen.length;
    for (let more = 0; more < 40; more++) await ask(wrapped, `d${more}`);
    expect(first.seen.length - before).toBeGreaterThan(4);
    expect(events.filter(({ type }) => type === 'call-error')).toEqual([]);
    await run.close();
  });

  test('goes on from the start if one of them has never been there', async () => {
    await servers[0]!.close();
    const events: RunEvent[] = [];
    const run = memoryRun({ concurrency: 30, retry: RETRY, onEvent: (event) => events.push(event) });
    const wrapped = run.model(model('r1'));
    const calls = Array.from({ length: 90 }, (_, number) => ask(wrapped, `c${number}`));
    expect(await Promise.all(calls)).toHaveLength(90);
    expect(events.filter(({ type }) => type === 'call-error' || type === 'call-retry')).toEqual([]);
    await run.close();
    servers.shift();
  });

  test('is away when all of them are, and goes on when one is back', async () => {
    const { answer } = servers[0]!;
    const events: RunEvent[] = [];
    const run = memoryRun({
      retry: { baseDelayMs: 300, retries: 50 },
      onEvent: (event) => events.push(event),
    });
    const wrapped = run.model(model('r1'));
    await ask(wrapped, 'before');
    for (const server of servers) server.answer = (_, response) => response.destroy();
    const calls = Array.from({ length: 12 }, (_, number) => ask(wrapped, `c${number}`));
    await vi.waitUntil(() => events.some(({ type }) => type === 'model-away'), { timeout: 60_000 });
    servers[1]!.answer = answer;
    expect(await Promise.all(calls)).toHaveLength(12);
    const seen = new Map(events.map((event) => [event.type, event]));
    expect(seen.get('call-error')).toBeUndefined();
    expect(seen.get('model-back')).toMatchObject({
      error: { message: expect.stringContaining('none of its 3') },
    });
    await run.close();
  });

  test('fails within seconds if none of them has ever been there, and says where it asked', async () => {
    const addresses = servers.map(({ baseUrl }) => baseUrl.replace('http://', ''));
    await Promise.all(servers.splice(0).map((server) => server.close()));
    const run = memoryRun({ retry: RETRY });
    const replicas = addresses.map((at) => openaiCompatible('m', { baseUrl: `http://${at}` }));
    const asked = ask(run.model(balanced(replicas)), 'c');
    await expect(asked).rejects.toMatchObject({ retryable: false });
    for (const address of addresses) await expect(asked).rejects.toThrow(address);
    await run.close();
  });

  test('holds a limit of the model over all servers together', async () => {
    const run = memoryRun({ concurrency: 64, limits: { 'm@r1': { requestsPerMinute: 600 } } });
    const wrapped = run.model(model('r1'));
    const controller = new AbortController();
    const start = performance.now();
    const calls = Array.from({ length: 400 }, (_, number) =>
      wrapped
        .generate(
          { messages: [{ role: 'user', content: `${number}` }] },
          { place: { task: 'chat', subject: `c${number}`, role: 'speaker' }, signal: controller.signal },
        )
        .catch(() => {}),
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    controller.abort();
    await Promise.all(calls);
    await run.close();
    const sent = servers.reduce((sum, { seen }) => sum + seen.length, 0);
    // A limit for each of them would let through three times as many.
    expect(sent).toBeLessThan(5 + (performance.now() - start) / 100);
    expect(sent).toBeGreaterThan(0);
  });

  test('books each call once', async () => {
    const run = memoryRun({ prices: { 'm@r1': { input: 1, output: 1 } } });
    const wrapped = run.model(model('r1'));
    for (let number = 0; number < 10; number++) await ask(wrapped, `c${number}`);
    expect(run.stats().calls).toBe(10);
    expect(run.stats().spending.usage).toMatchObject({ inputTokens: 200, outputTokens: 50 });
    await run.close();
  });
});

describe('a run directory', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aloe-run-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const once = async (asked: ChatModel, sameModel = false) => {
    const run = await openRun(dir, { sameModel });
    try {
      await ask(run.model(asked), 'c');
      return run.stats();
    } finally {
      await run.close();
    }
  };

  test('keeps all addresses of a model, and asks about weights as it does for one server', async () => {
    await once(model());
    const { servers: kept } = JSON.parse(await readFile(join(dir, 'run.json'), 'utf8'));
    const addresses = servers.map(({ baseUrl }) => baseUrl.replace('http://', '')).sort();
    expect(kept).toEqual({ m: addresses.join(', ') });
    await expect(once(model())).rejects.toThrow(RunConflictError);
    expect(await once(model(), true)).toMatchObject({ calls: 0, replayed: 1 });
  });

  test('has the answers of one server for several with the same revision, and the other way round', async () => {
    const single = openaiCompatible('m', { baseUrl: servers[0]!.baseUrl, revision: 'r1' });
    await once(single);
    expect(await once(model('r1'))).toMatchObject({ calls: 0, replayed: 1 });
  });
});
