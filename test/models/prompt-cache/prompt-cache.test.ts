import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChatModel } from '../../../src/models/chat-model.ts';
import { openai } from '../../../src/models/openai.ts';
import { openaiCompatible } from '../../../src/models/openai-compatible.ts';
import type { CallPlace } from '../../../src/models/place.ts';
import { SlotTable } from '../../../src/models/prompt-cache/slot-table.ts';
import { memoryRun } from '../../../src/runs/run.ts';
import { type ChatServer, completion, send, startChatServer } from '../chat-server.ts';

let server: ChatServer;
beforeEach(async () => {
  server = await startChatServer();
});
afterEach(() => server.close());

const PLACE: CallPlace = { task: 'conversations', subject: 'ann.lee@example.com:p', turn: 2, role: 'judge' };
const ask = (model: ChatModel, place?: Partial<CallPlace>) =>
  model.generate(
    { messages: [{ role: 'user', content: 'Hi' }] },
    place === undefined ? {} : { place: { ...PLACE, ...place } },
  );
const lastBody = () => server.seen.at(-1)!.body;

describe('prompt_cache_key', () => {
  const model = () => openaiCompatible('m', { baseUrl: server.baseUrl, promptCache: 'key' });
  const keyOf = async (place: Partial<CallPlace>) => {
    await ask(model(), place);
    return lastBody().prompt_cache_key;
  };

  test('is the same in every turn and attempt of a conversation and role, and another for others', async () => {
    const key = await keyOf({});
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(await keyOf({ turn: 3, sample: 1 })).toBe(key);
    expect(await keyOf({ role: 'user' })).not.toBe(key);
    expect(await keyOf({ subject: 'bo' })).not.toBe(key);
    expect(await keyOf({ task: 'evaluation' })).not.toBe(key);
  });

  test('is one for places that name one prompt', async () => {
    const prompt = 'ann/responder';
    const key = await keyOf({ role: 'preferred', prompt });
    expect(await keyOf({ role: 'rejected', subject: 'ann:pr', prompt })).toBe(key);
  });

  test('is not sent by default, to a server of one’s own, nor for a call without a place', async () => {
    for (const unasked of [
      openaiCompatible('m', { baseUrl: server.baseUrl }),
      openai('m', { baseUrl: server.baseUrl }),
    ]) {
      await ask(unasked, {});
      expect(Object.keys(lastBody())).toEqual(['model', 'messages']);
    }
    await ask(model());
    expect(Object.keys(lastBody())).toEqual(['model', 'messages']);
  });

  test('changes neither the id nor what a run replays', async () => {
    expect(model().id).toBe('m');
    const run = memoryRun();
    await ask(run.model(openaiCompatible('m', { baseUrl: server.baseUrl })), {});
    await ask(run.model(model()), { prompt: 'ann/responder' });
    expect(run.stats()).toMatchObject({ calls: 1, replayed: 1 });
    await run.close();
  });

  test('is refused if it is neither key, slots nor none', () => {
    const wrong = { baseUrl: server.baseUrl, promptCache: 'yes' as 'key' };
    expect(() => openaiCompatible('m', wrong)).toThrow(/"promptCache": expected .*none.*key.*slots/);
  });
});

describe('slots of llama.cpp', () => {
  const model = () => openaiCompatible('m', { baseUrl: server.baseUrl, promptCache: 'slots' });

  /** Says that it has this many slots, and holds completions until `release`. */
  function withSlots(count: number): { release(): void } {
    const held: (() => void)[] = [];
    server.answer = (_, response, request) => {
      if (request.url === '/props') send(response, { total_slots: count });
      else held.push(() => send(response, completion('Hello')));
    };
    return {
      release: () => {
        for (const answer of held.splice(0)) answer();
      },
    };
  }
  const completions = () => server.seen.filter(({ path }) => path === '/v1/chat/completions');
  const until = async (count: number) => {
    while (completions().length < count) await new Promise(setImmediate);
  };

  test('a conversation and role keeps its slot, and others get their own', async () => {
    const server = withSlots(4);
    const slots: unknown[] = [];
    for (const [index, role] of ['user', 'judge', 'user', 'judge', 'candidate', 'user'].entries()) {
      const asked = ask(model(), { role, turn: index });
      await until(index + 1);
      server.release();
      await asked;
      expect(lastBody().cache_prompt).toBe(true);
      slots.push(lastBody().id_slot);
    }
    expect(slots).toEqual([0, 1, 0, 1, 2, 0]);
  });

  test('a call does not wait for a busy slot while others are idle, and names none if all are busy', async () => {
    const server = withSlots(2);
    const asked = [1, 2, 3].map((turn) => ask(model(), { turn }));
    await until(3);
    expect(completions().map(({ body }) => body.id_slot)).toEqual([0, 1, undefined]);
    server.release();
    await Promise.all(asked);
  });

  test('of a server that does not say how many it has are its own affair', async () => {
    server.answer = (_, response, request) =>
      request.url === '/props' ? send(response, 'not here', 404) : send(response, completion('Hello'));
    await ask(model(), {});
    expect(lastBody()).toMatchObject({ cache_prompt: true });
    expect(lastBody()).not.toHaveProperty('id_slot');
  });

  test('are free again after a call that failed', async () => {
    server.answer = (_, response, request) =>
      request.url === '/props' ? send(response, { total_slots: 1 }) : send(response, 'no', 500);
    await expect(ask(model(), {})).rejects.toThrow();
    await expect(ask(model(), {})).rejects.toThrow();
    expect(lastBody().id_slot).toBe(0);
  });
});

test('a new prompt takes the slot that has been idle for longest', () => {
  const table = new SlotTable(3);
  for (const prompt of ['a', 'b', 'c', 'a']) table.take(prompt)!.free();
  expect(table.take('d')!.id).toBe(1);
  expect(new SlotTable(0).take('a')).toBeUndefined();
});
