import { beforeEach, describe, expect, test } from 'vitest';
import { adaptive } from '../../src/adaptive/adaptive.ts';
import type { AdaptiveEvent, AdaptiveOptions } from '../../src/adaptive/adaptive-options.ts';
import type { PreferenceStore } from '../../src/adaptive/preference-store.ts';
import { assistant, type Message, user } from '../../src/messages.ts';
import type { ChatRequest } from '../../src/models/chat-model.ts';
import { type ScriptedModel, scriptedModel } from '../../src/testing/scripted-model.ts';

const isInference = ({ outputSchema }: ChatRequest): boolean => outputSchema?.name === 'preferences';
const lastContent = ({ request }: { request: ChatRequest }): string => request.messages.at(-1)!.content;

/** Infers what `infer` makes of the inference's last message. */
function model(infer: (asked: string) => readonly string[] | Promise<readonly string[]>): ScriptedModel {
  return scriptedModel(async (request) =>
    isInference(request)
      ? JSON.stringify({ preferences: await infer(request.messages.at(-1)!.content) })
      : 'A reply.',
  );
}
const inferences = ({ calls }: ScriptedModel) => calls.filter(({ request }) => isInference(request));
const replies = ({ calls }: ScriptedModel) => calls.filter(({ request }) => !isInference(request));

const FIRST: readonly Message[] = [user('Short, please. Which boat?')];
const SECOND: readonly Message[] = [...FIRST, assistant('The small one.'), user('No emoji!')];
const OTHER: readonly Message[] = [user('Another day. Which car?')];
const ann = { userId: 'ann' };

describe('with a store', () => {
  test('what one conversation shows is known in the next, in any process', async () => {
    const store = new Map<string, readonly string[]>();
    const base = model(() => ['Likes it short']);
    await adaptive(base, { store }).generate({ messages: FIRST }, ann);
    expect(store.get('ann')).toEqual(['Likes it short']);
    await adaptive(base, { store }).generate({ messages: OTHER }, ann);
    expect(lastContent(inferences(base)[1]!)).toBe(
      'Noted so far:\n- Likes it short\n\nWhat was said since:\nUser: Another day. Which car?',
    );
  });

  test('a process that has not seen the conversation reads at most the last maxMessages of it', async () => {
    const store = new Map([['ann', ['Likes it short']]]);
    const base = model(() => ['Likes it short', 'Dislikes emoji']);
    await adaptive(base, { store, maxMessages: 2 }).generate({ messages: SECOND }, ann);
    expect(lastContent(inferences(base)[0]!)).toBe(
      'Noted so far:\n- Likes it short\n\nWhat was said since:\nAssistant: The small one.\nUser: No emoji!',
    );
  });

  test('users are told apart, and a user without an id is not stored', async () => {
    const store = new Map<string, readonly string[]>();
    const base = model((asked) => [asked.includes('car') ? 'Drives' : 'Sails']);
    const wrapped = adaptive(base, { store, userId: 'ann' });
    await wrapped.generate({ messages: FIRST });
    await wrapped.generate({ messages: OTHER }, { userId: 'bob' });
    expect([...store]).toEqual([
      ['ann', ['Sails']],
      ['bob', ['Drives']],
    ]);
    await wrapped.generate({ messages: FIRST }, { userId: 'bob' });
    expect(inferences(base)).toHaveLength(3);
    expect(lastContent(inferences(base)[2]!)).toContain('- Drives');

    const anonymous = new Map<string, readonly string[]>();
    await adaptive(base, { store: anonymous }).generate({ messages: FIRST });
    expect(anonymous.size).toBe(0);
  });

  test('a changed mind replaces the entry, which never grows beyond maxPreferences', async () => {
    const store = new Map([['ann', ['Likes it short', 'Likes lists', 'Likes jokes']]]);
    const base = model((asked) => (asked.includes('emoji') ? ['Likes it long'] : ['a b', 'c d', 'e f']));
    const wrapped = adaptive(base, { store, maxPreferences: 2 });
    await wrapped.generate({ messages: FIRST }, ann);
    expect(lastContent(inferences(base)[0]!)).toContain('Noted so far:\n- Likes it short\n- Likes lists\n\n');
    expect(store.get('ann')).toEqual(['a b', 'c d']);
    await wrapped.generate({ messages: SECOND }, ann);
    expect(store.get('ann')).toEqual(['Likes it long']);
  });

  test('an entry that was edited or deleted meanwhile is what counts, even for the same turn', async () => {
    const store = new Map<string, readonly string[]>();
    const base = model(() => ['Likes it short']);
    const wrapped = adaptive(base, { store });
    await wrapped.generate({ messages: FIRST }, ann);
    store.set('ann', ['Likes jokes']);
    await wrapped.generate({ messages: FIRST }, ann);
    expect(lastContent(replies(base)[1]!)).toContain('Likes jokes.');
    store.delete('ann');
    await wrapped.generate({ messages: FIRST }, ann);
    expect(replies(base)[2]!.request.messages).toEqual(FIRST);
    expect(inferences(base)).toHaveLength(1);
    await wrapped.generate({ messages: SECOND }, ann);
    expect(lastContent(inferences(base)[1]!)).not.toMatch(/Noted so far|Short, please/);
  });

  test('two conversations at once keep what the other adds and removes', async () => {
    const store = new Map([['ann', ['Likes it short', 'Likes jokes']]]);
    const base = model(() => {
      // The other conversation ends first.
      store.set('ann', ['Likes it short', 'Drives']);
      return ['Likes it short', 'Likes jokes', 'Sails'];
    });
    await adaptive(base, { store }).generate({ messages: FIRST }, ann);
    expect(store.get('ann')).toEqual(['Likes it short', 'Sails', 'Drives']);

    const full = model(() => {
      store.set('ann', ['Likes it short', 'Drives']);
      return ['Likes it short', 'Sails'];
    });
    store.set('ann', ['Likes it short']);
    await adaptive(full, { store, maxPreferences: 2 }).generate({ messages: FIRST }, ann);
    expect(store.get('ann')).toEqual(['Likes it short', 'Sails']);
  });

  test('an entry that is deleted during an inference stays deleted, also for the reply', async () => {
    const store = new Map([['ann', ['Likes it short']]]);
    const base = model(() => {
      store.delete('ann');
      return ['Likes it short', 'Sails'];
    });
    await adaptive(base, { store }).generate({ messages: FIRST }, ann);
    expect(store.size).toBe(0);
    expect(replies(base)[0]!.request.messages).toEqual(FIRST);
  });

  test('nothing is written if nothing changes, or if the inference fails', async () => {
    const writes: unknown[] = [];
    const store: PreferenceStore = { get: () => ['Likes it short'], set: (...write) => writes.push(write) };
    await adaptive(
      model(() => ['Likes it short']),
      { store },
    ).generate({ messages: FIRST }, ann);
    const failing = model(() => Promise.reject(new Error('overloaded')));
    await adaptive(failing, { store }).generate({ messages: FIRST }, ann);
    expect(writes).toEqual([]);
    expect(lastContent(replies(failing)[0]!)).toContain('Likes it short.');
  });
});

describe('a store that fails', () => {
  const failure = new Error('no database');
  const events: AdaptiveEvent[] = [];
  const types = () => events.splice(0).map(({ type }) => type);
  beforeEach(() => {
    events.length = 0;
  });
  const options = (store: PreferenceStore): AdaptiveOptions => ({
    store,
    onEvent: (event) => events.push(event),
  });

  test('to read is reported, and nothing is written over what it could not read', async () => {
    const entries = new Map([['ann', ['Likes jokes']]]);
    let fails = true;
    const store: PreferenceStore = {
      get: async (userId) => (fails ? Promise.reject(failure) : entries.get(userId)),
      set: (userId, preferences) => entries.set(userId, [...preferences]),
    };
    const base = model((asked) => (asked.includes('jokes') ? ['Likes jokes', 'Sails'] : ['Sails']));
    const wrapped = adaptive(base, options(store));
    await wrapped.generate({ messages: FIRST }, ann);
    expect(lastContent(replies(base)[0]!)).toContain('Sails.');
    expect(events[0]).toEqual({ type: 'store-failed', error: failure, userId: 'ann', place: undefined });
    expect(types()).toEqual(['store-failed', 'preferences-inferred']);
    expect(entries.get('ann')).toEqual(['Likes jokes']);

    fails = false;
    await wrapped.generate({ messages: SECOND }, ann);
    expect(lastContent(inferences(base)[1]!)).toMatch(/- Likes jokes\n\n.*\nUser: Short, please/);
    expect(entries.get('ann')).toEqual(['Likes jokes', 'Sails']);
    expect(types()).toEqual(['preferences-inferred']);
  });

  const stuck = (): Promise<never> => new Promise(() => {});
  test.each<[string, PreferenceStore]>([
    ['get', { get: stuck, set() {} }],
    ['set', { get: () => undefined, set: stuck }],
  ])('because %s never answers holds up the reply for timeoutMs, or until an abort', async (_name, store) => {
    const base = model(() => ['Sails']);
    await adaptive(base, { ...options(store), timeoutMs: 1_000 }).generate({ messages: FIRST }, ann);
    expect(lastContent(replies(base)[0]!)).toContain('Sails.');
    expect(events.find(({ type }) => type === 'store-failed')).toMatchObject({
      error: { name: 'TimeoutError' },
    });

    events.length = 0;
    const reason = new Error('enough');
    const stop = new AbortController();
    const call = adaptive(base, options(store)).generate(
      { messages: FIRST },
      { ...ann, signal: stop.signal },
    );
    stop.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(types()).toEqual([]);
  });

  test('to read in the middle of a conversation has it read as a whole', async () => {
    const entries = new Map<string, readonly string[]>();
    const store: PreferenceStore = {
      get: (userId) => {
        if (entries.has(userId)) throw failure;
        return undefined;
      },
      set: (userId, preferences) => entries.set(userId, preferences),
    };
    const base = model(() => ['Likes it short']);
    const wrapped = adaptive(base, options(store));
    await wrapped.generate({ messages: FIRST }, ann);
    await wrapped.generate({ messages: SECOND }, ann);
    expect(lastContent(inferences(base)[1]!)).toContain('User: Short, please');
  });

  test.each([
    ['worked', () => ['Likes it short', 'Sails']],
    ['failed', () => Promise.reject(new Error('overloaded'))],
  ])('after an inference that %s leaves nothing in memory that was deleted', async (_how, infer) => {
    const entries = new Map([['ann', ['Likes it short']]]);
    let fails = false;
    const store: PreferenceStore = {
      get: async (userId) => (fails ? Promise.reject(failure) : entries.get(userId)),
      set: () => {},
    };
    const base = model(infer);
    const wrapped = adaptive(base, options(store));
    await wrapped.generate({ messages: FIRST }, ann);
    expect(lastContent(replies(base)[0]!)).toContain('Likes it short');
    entries.delete('ann');
    fails = true;
    await wrapped.generate({ messages: FIRST }, ann);
    expect(replies(base)[1]!.request.messages).toEqual(FIRST);
  });

  test('to write is reported, the reply is adapted, and the next turn writes it', async () => {
    const entries = new Map<string, readonly string[]>();
    let fails = true;
    const store: PreferenceStore = {
      get: (userId) => entries.get(userId) ?? null,
      set: async (userId, preferences) =>
        fails ? Promise.reject(failure) : entries.set(userId, preferences),
    };
    const base = model((asked) => (asked.includes('Short') ? ['Likes it short'] : []));
    const wrapped = adaptive(base, options(store));
    await wrapped.generate({ messages: FIRST }, ann);
    expect(lastContent(replies(base)[0]!)).toContain('Likes it short.');
    expect(types()).toEqual(['store-failed', 'preferences-inferred']);
    fails = false;
    await wrapped.generate({ messages: SECOND }, ann);
    expect(entries.get('ann')).toEqual(['Likes it short']);
  });

  test.each<[string, unknown]>([
    ['a text', '["Likes it short"]'],
    ['other things', [1]],
  ])('by returning %s is reported', async (_what, entry) => {
    const store = { get: () => entry as readonly string[], set: () => {} };
    await adaptive(
      model(() => []),
      options(store),
    ).generate({ messages: FIRST }, ann);
    expect(events[0]).toMatchObject({
      type: 'store-failed',
      error: { message: expect.stringContaining('Option "store": expected entries that are lists of texts') },
    });
    expect(types()).toEqual(['store-failed', 'preferences-inferred']);
  });
});

describe('known preferences', () => {
  test('are where each conversation starts, even if the inference fails', async () => {
    const base = model((asked) =>
      asked.includes('car') ? Promise.reject(new Error('overloaded')) : ['Likes it short', 'Sails'],
    );
    const wrapped = adaptive(base, { known: ['Likes it short'] });
    await wrapped.generate({ messages: FIRST });
    expect(lastContent(inferences(base)[0]!)).toContain('Noted so far:\n- Likes it short\n');
    await wrapped.generate({ messages: OTHER });
    expect(lastContent(replies(base)[1]!)).toContain('answered: Likes it short.');
    expect(wrapped.id).toBe(
      `adaptive:preference-inference@1:adapted-response@1:8x300x2:known(Likes it short):${base.id}`,
    );
  });

  test('seed a user the store does not know yet, and no other', async () => {
    const store = new Map([['bob', ['Likes jokes']]]);
    const base = model(() => ['Sails']);
    const wrapped = adaptive(base, { store, known: ['Likes it short'] });
    await wrapped.generate({ messages: FIRST }, ann);
    await wrapped.generate({ messages: FIRST }, { userId: 'bob' });
    expect(inferences(base).map((call) => lastContent(call).split('\n')[1])).toEqual([
      '- Likes it short',
      '- Likes jokes',
    ]);
    expect(store.get('ann')).toEqual(['Sails']);
  });
});

test.each<[string, AdaptiveOptions]>([
  ['store', { store: {} as PreferenceStore }],
  ['known', { known: ['a b', 'c d'], maxPreferences: 1 }],
  ['userId', { userId: ' ' }],
  ['timeoutMs', { timeoutMs: 0 }],
  ['maxMessages', { maxMessages: 0 }],
])('an invalid %s is refused by name', (option, options) => {
  expect(() => adaptive(scriptedModel('x'), options)).toThrow(`"${option}"`);
});
