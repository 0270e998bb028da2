import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { callKey } from '../../../src/models/call-key.ts';
import type { ChatModel, ChatRequest, ChatResponse } from '../../../src/models/chat-model.ts';
import type { CallPlace } from '../../../src/models/place.ts';
import { journaled } from '../../../src/runs/calls/journaled.ts';
import { Journal } from '../../../src/runs/journal/journal.ts';
import type { Claim, RunJournal } from '../../../src/runs/run-store.ts';
import { chatModelConformance } from '../../../src/testing/chat-model-conformance.ts';
import { type Script, scriptedModel } from '../../../src/testing/scripted-model.ts';

const REQUEST: ChatRequest = { messages: [{ role: 'user', content: 'Hello' }], temperature: 0.5 };
const PLACE: CallPlace = { task: 'conversations', subject: 'c1', turn: 1, role: 'preferred' };

let journal: Journal;
beforeEach(() => {
  journal = new Journal(':memory:');
});
afterEach(() => journal.close());

const counted: Script = (_request, _options, callNumber) => `answer ${callNumber}`;

/** A model whose calls end when the test says so, and that heeds its signal. */
function manualModel() {
  const calls: { resolve(text: string): void; reject(error: unknown): void }[] = [];
  const model: ChatModel = {
    id: 'manual',
    async generate(_request, { signal } = {}) {
      const text = await new Promise<string>((resolve, reject) => {
        calls.push({ resolve, reject });
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
      return { text, finishReason: 'stop', usage: { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 } };
    },
  };
  return { model, calls };
}

describe.each(
  chatModelConformance(() =>
    journaled(
      scriptedModel((request) => (request.outputSchema === undefined ? 'Fine.' : '{"mood": "good"}')),
      { journal: new Journal(':memory:') },
    ),
  ),
)('journaled keeps the contract of a chat model', ({ name, run }) => {
  test(name, run);
});

describe('journaled', () => {
  test('answers from the journal what was asked before, also in a later process', async () => {
    const model = scriptedModel(counted);
    const onReplay = vi.fn();
    const first = await journaled(model, { journal, onReplay }).generate(REQUEST, { place: PLACE });
    expect(onReplay).not.toHaveBeenCalled();
    const again = await journaled(model, { journal, onReplay }).generate(REQUEST, { place: PLACE });
    expect(again).toEqual(first);
    expect(onReplay).toHaveBeenCalledExactlyOnceWith(first, PLACE);
    expect(model.calls).toHaveLength(1);
  });

  test('takes an equal request for the same one, whatever the order of its keys', async () => {
    const model = journaled(scriptedModel(counted), { journal });
    const first = await model.generate(
      { messages: REQUEST.messages, temperature: 0.5, seed: undefined },
      { place: PLACE },
    );
    expect(
      await model.generate(
        { temperature: 0.5, messages: REQUEST.messages },
        { place: { ...PLACE, sample: 0 } },
      ),
    ).toEqual(first);
  });

  test.each([
    ['the request', { ...REQUEST, temperature: 0.6 }, PLACE, 'scripted'],
    ['the sample', REQUEST, { ...PLACE, sample: 1 }, 'scripted'],
    ['the turn', REQUEST, { ...PLACE, turn: 2 }, 'scripted'],
    ['the model', REQUEST, PLACE, 'another'],
    ['having no place', REQUEST, undefined, 'scripted'],
  ])('asks anew when %s differs', async (_what, request, place, id) => {
    const model = scriptedModel(counted);
    await journaled(model, { journal }).generate(REQUEST, { place: PLACE });
    await journaled({ ...model, id, generate: model.generate }, { journal }).generate(request, { place });
    expect(model.calls).toHaveLength(2);
  });

  test('sends the same key in flight once', async () => {
    const { model, calls } = manualModel();
    const wrapped = journaled(model, { journal });
    const answers = [1, 2, 3].map(() => wrapped.generate(REQUEST, { place: PLACE }));
    const other = wrapped.generate(REQUEST, { place: { ...PLACE, turn: 2 } });
    await vi.waitFor(() => expect(calls).toHaveLength(2), { timeout: 60_000 });
    calls[0]!.resolve('one');
    calls[1]!.resolve('two');
    expect((await Promise.all(answers)).map(({ text }) => text)).toEqual(['one', 'one', 'one']);
    expect((await other).text).toBe('two');
    expect(calls).toHaveLength(2);
  });

  test('enters nothing for a call that failed or was aborted', async () => {
    const controller = new AbortController();
    const model = scriptedModel((_request, _options, callNumber) => {
      if (callNumber === 0) return new Error('no server');
      if (callNumber === 1) controller.abort(new Error('enough'));
      return 'hi';
    });
    const wrapped = journaled(model, { journal });
    await expect(wrapped.generate(REQUEST, { place: PLACE })).rejects.toThrow('no server');
    await expect(wrapped.generate(REQUEST, { place: PLACE, signal: controller.signal })).rejects.toThrow(
      'enough',
    );
    expect((await wrapped.generate(REQUEST, { place: PLACE })).text).toBe('hi');
    expect(model.calls).toHaveLength(3);
  });

  test('gives a failure to all who wait for the call', async () => {
    const { model, calls } = manualModel();
    const wrapped = journaled(model, { journal });
    const outcomes = Promise.allSettled([wrapped.generate(REQUEST), wrapped.generate(REQUEST)]);
    const error = new Error('no server');
    await vi.waitFor(() => expect(calls).toHaveLength(1), { timeout: 60_000 });
    calls[0]!.reject(error);
    expect((await outcomes).map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual([
      error,
      error,
    ]);
  });

  test('keeps one caller’s abort from those who wait for the same call: one of them sends it anew', async () => {
    const { model, calls } = manualModel();
    const wrapped = journaled(model, { journal });
    const controller = new AbortController();
    const reason = new Error('enough');
    const sender = wrapped.generate(REQUEST, { signal: controller.signal });
    const waiting = [wrapped.generate(REQUEST), wrapped.generate(REQUEST)];
    const outcome = sender.catch((error: unknown) => error);
    await vi.waitFor(() => expect(calls).toHaveLength(1), { timeout: 60_000 });
    controller.abort(reason);
    expect(await outcome).toBe(reason);
    await vi.waitFor(() => expect(calls).toHaveLength(2), { timeout: 60_000 });
    calls[1]!.resolve('after all');
    expect((await Promise.all(waiting)).map(({ text }) => text)).toEqual(['after all', 'after all']);
    expect(calls).toHaveLength(2);
  });

  test('lets one who waits leave at once, and the call go on', async () => {
    const { model, calls } = manualModel();
    const wrapped = journaled(model, { journal });
    const controller = new AbortController();
    const reason = new Error('enough');
    const sender = wrapped.generate(REQUEST);
    const waiting = wrapped.generate(REQUEST, { signal: controller.signal });
    waiting.catch(() => {});
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    calls[0]!.resolve('hi');
    expect((await sender).text).toBe('hi');
  });

  test('gives what the journal holds when another was first, so that a replay agrees', async () => {
    const { model, calls } = manualModel();
    const [one, two] = [journaled(model, { journal }), journaled(model, { journal })];
    const answers = Promise.all([one.generate(REQUEST), two.generate(REQUEST)]);
    await vi.waitFor(() => expect(calls).toHaveLength(2), { timeout: 60_000 });
    calls[1]!.resolve('second caller');
    calls[0]!.resolve('first caller');
    const texts = (await answers).map(({ text }) => text);
    const replayed = (await one.generate(REQUEST)).text;
    expect(texts).toEqual([replayed, replayed]);
  });

  test('does not look into the journal for a caller who has left', async () => {
    const wrapped = journaled(scriptedModel('hi'), { journal });
    await wrapped.generate(REQUEST);
    const reason = new Error('enough');
    await expect(wrapped.generate(REQUEST, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

/** A journal that keeps nothing. */
function emptyJournal(parts: Partial<RunJournal>): RunJournal {
  return {
    get: () => undefined,
    put: async (_key, _place, value) => value,
    earlierModel: () => undefined,
    spending: () => new Map(),
    ...parts,
  };
}

describe('a row of the journal', () => {
  const usage = { inputTokens: 3, cachedInputTokens: 0, outputTokens: 2 };

  /** A journal that keeps nothing, and says what it is given. */
  function recording() {
    const rows: unknown[][] = [];
    const kept = emptyJournal({
      put: async (_key, ...row) => {
        rows.push(row);
        return row[1];
      },
    });
    return { kept, rows };
  }

  test('has the place, the answer without the limits of the moment, and what it cost', async () => {
    const { kept, rows } = recording();
    const model = scriptedModel(() => ({
      text: 'hi',
      finishReason: 'stop',
      usage,
      rateLimit: { requests: { limit: 1, remaining: 1 } },
    }));
    await journaled(model, { journal: kept }).generate(REQUEST, { place: PLACE });
    await journaled(model, { journal: kept }).generate(REQUEST);
    const spent = { model: 'scripted', usage };
    const answer = JSON.stringify({ text: 'hi', finishReason: 'stop', usage });
    expect(rows).toEqual([
      ['conversations/c1/1/preferred/0', answer, spent],
      ['', answer, spent],
    ]);
  });

  test.each<[string, object]>([
    ['plain', {}],
    ['with the model that served it', { served: { model: 'served-7', fingerprint: 'f' } }],
    ['with more than a chat model needs', { note: new Date(0), nothing: undefined }],
    ['with counts that JSON does not have', { usage: { ...usage, inputTokens: Number.POSITIVE_INFINITY } }],
    ['with a fraction of a token', { usage: { ...usage, outputTokens: 0.5 } }],
    ['with counts beyond the usual', { usage: { ...usage, reasoningTokens: new Date(0) } }],
  ])('gives the same answer first and later: %s', async (_what, parts) => {
    const response = { text: 'hi', finishReason: 'stop', usage, ...parts } as ChatResponse;
    const generate = vi.fn(async () => response);
    const model = journaled({ id: 'm', generate }, { journal });
    const first = await model.generate(REQUEST);
    const later = await model.generate(REQUEST);
    expect(first).toStrictEqual(later);
    expect(generate).toHaveBeenCalledOnce();
  });

  test('has the key that earlier versions gave it, so that their runs can be resumed', () => {
    const request: ChatRequest = {
      ...REQUEST,
      maxOutputTokens: 9,
      seed: 7,
      stop: ['x'],
      outputSchema: { name: 'mood', schema: { type: 'object' } },
    };
    expect([
      callKey('m', REQUEST, PLACE),
      callKey('m', { messages: REQUEST.messages }, undefined),
      callKey('m', { messages: REQUEST.messages, maxOutputTokens: 9 }, undefined),
      callKey('m', request, PLACE),
    ]).toEqual([
      'aa45935f22bb299b53e869ecbf3557e7a30f291806b407e518d900ce541f840f',
      'ee8414e621472abec6cbc0d3b530a0a1927d07731f6a479f03aaaa9517294fbd',
      '3d0be8d9af180e09607234804beb4dc870c3686261d4edeb6cf3d0a467c07e31',
      'bec94303b77248462a09bbc7978925d245194db13602fa8d0d3ea77d68172cc0',
    ]);
  });
});

test('a model with the run around it twice is refused, since it would wait for itself', async () => {
  const shared = { journal, inFlight: new Map() };
  const once = journaled(scriptedModel('hi'), shared);
  const twice = journaled(once, shared);
  await expect(twice.generate(REQUEST)).rejects.toThrow(
    /^Option "model": expected a model without this run around it, got "scripted"\. Wrap the bare model\./,
  );
  expect((await once.generate(REQUEST)).text).toBe('hi');
});

test('a caller that comes while the journal is read waits for the call of the one before', async () => {
  const { model, calls } = manualModel();
  const wrapped = journaled(model, { journal: emptyJournal({ get: async () => undefined }) });
  const answers = [wrapped.generate(REQUEST), wrapped.generate(REQUEST)];
  await vi.waitFor(() => expect(calls.length).toBeGreaterThan(0), { timeout: 60_000 });
  calls[0]!.resolve('one');
  expect((await Promise.all(answers)).map(({ text }) => text)).toEqual(['one', 'one']);
  expect(calls).toHaveLength(1);
});

describe('with other processes of the run', () => {
  const stored = JSON.stringify({
    text: 'theirs',
    finishReason: 'stop',
    usage: { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 },
  });

  /** A journal that answers claims in turn, and what happened in order. */
  function claiming(...claims: readonly (Claim | 'release')[]) {
    const happened: string[] = [];
    const left = [...claims];
    const release = async () => {
      happened.push('released');
      throw new Error('no connection');
    };
    const shared = emptyJournal({
      claim: async () => {
        happened.push('claimed');
        const next = left.shift()!;
        return next === 'release' ? { release } : next;
      },
    });
    return { shared, happened };
  }

  test('sends a call that no other is about to send, and keeps the claim once it is answered', async () => {
    const { shared, happened } = claiming('release');
    const model = scriptedModel('mine');
    expect((await journaled(model, { journal: shared }).generate(REQUEST)).text).toBe('mine');
    expect(happened).toEqual(['claimed']);
  });

  test('gives up the claim of a call that fails, and tells that failure even if giving up fails too', async () => {
    const { shared, happened } = claiming('release');
    const error = new Error('no server');
    const wrapped = journaled(scriptedModel([error]), { journal: shared });
    await expect(wrapped.generate(REQUEST)).rejects.toBe(error);
    expect(happened).toEqual(['claimed', 'released']);
  });

  test('waits without a slot while another sends the call, then takes its answer as a replay', async () => {
    const held: string[] = [];
    const { shared, happened } = claiming(
      { retry: async () => void held.push(inSlot ? 'with a slot' : 'without a slot') },
      { stored },
    );
    let inSlot = false;
    const onReplay = vi.fn();
    const model = scriptedModel('mine');
    const wrapped = journaled(model, {
      journal: shared,
      onReplay,
      slot: async (call) => {
        inSlot = true;
        const value = await call();
        inSlot = false;
        return value;
      },
    });
    const response = await wrapped.generate(REQUEST, { place: PLACE });
    expect(response.text).toBe('theirs');
    expect(onReplay).toHaveBeenCalledExactlyOnceWith(response, PLACE);
    expect(happened).toEqual(['claimed', 'claimed']);
    expect(held).toEqual(['without a slot']);
    expect(model.calls).toHaveLength(0);
    expect((await journaled(model, { journal: claiming({ stored }).shared }).generate(REQUEST)).text).toBe(
      'theirs',
    );
  });

  test('claims nothing for a caller who left while it waited for a slot', async () => {
    const { shared, happened } = claiming('release');
    const controller = new AbortController();
    const reason = new Error('enough');
    const wrapped = journaled(scriptedModel('mine'), {
      journal: shared,
      slot: async (call) => {
        controller.abort(reason);
        return call();
      },
    });
    await expect(wrapped.generate(REQUEST, { signal: controller.signal })).rejects.toBe(reason);
    expect(happened).toEqual([]);
  });
});
