import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChatModel, ChatRequest } from '../../../src/models/chat-model.ts';
import type { CallPlace } from '../../../src/models/place.ts';
import { journaled } from '../../../src/runs/calls/journaled.ts';
import { Journal } from '../../../src/runs/journal/journal.ts';
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
