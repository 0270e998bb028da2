import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../src/models/chat-model.ts';
import { chatModelConformance, scriptedModel } from '../../src/testing/index.ts';

const request = (content: string): ChatRequest => ({ messages: [{ role: 'user', content }] });

describe.each(
  chatModelConformance(() =>
    scriptedModel(({ outputSchema }) => (outputSchema === undefined ? 'Fine.' : '{"mood": "bad"}')),
  ),
)('scriptedModel keeps the contract of a chat model', ({ name, run }) => {
  test(name, run);
});

describe('scriptedModel', () => {
  test('gives one text for ever', async () => {
    const model = scriptedModel('hi');
    expect([(await model.generate(request('a'))).text, (await model.generate(request('b'))).text]).toEqual([
      'hi',
      'hi',
    ]);
  });

  test('gives a list in turn, and its last entry for ever', async () => {
    const model = scriptedModel(['one', new Error('two'), { text: 'three', finishReason: 'length' }]);
    expect((await model.generate(request('a'))).text).toBe('one');
    await expect(model.generate(request('b'))).rejects.toThrow('two');
    expect(await model.generate(request('c'))).toMatchObject({ text: 'three', finishReason: 'length' });
    expect(await model.generate(request('d'))).toMatchObject({ text: 'three' });
  });

  test('asks a function with the request, the options and the number of the call', async () => {
    const place = { task: 't', subject: 's', role: 'r' };
    const model = scriptedModel(async (given, options, callNumber) =>
      [given.messages[0]!.content, options.place?.subject, callNumber].join(' '),
    );
    expect((await model.generate(request('a'), { place })).text).toBe('a s 0');
    expect((await model.generate(request('b'))).text).toBe('b  1');
  });

  test('keeps every call, also one that fails', async () => {
    const model = scriptedModel(new Error('boom'), { id: 'mine' });
    await model.generate(request('a')).catch(() => {});
    expect(model.id).toBe('mine');
    expect(model.calls).toEqual([{ request: request('a'), options: {} }]);
  });

  test('counts words where the script gives no usage', async () => {
    const model = scriptedModel([
      'two words',
      { text: 'x', usage: { inputTokens: 9, cachedInputTokens: 8, outputTokens: 7 } },
    ]);
    expect((await model.generate(request('three words here'))).usage).toEqual({
      inputTokens: 3,
      cachedInputTokens: 0,
      outputTokens: 2,
    });
    expect((await model.generate(request('a'))).usage).toEqual({
      inputTokens: 9,
      cachedInputTokens: 8,
      outputTokens: 7,
    });
  });

  test('refuses to answer from an empty list', async () => {
    await expect(scriptedModel([]).generate(request('a'))).rejects.toThrow(/empty list/);
  });

  test('throws the reason of an abort, before and while the script works', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const model = scriptedModel(() => {
      controller.abort(reason);
      return 'hi';
    });
    await expect(model.generate(request('a'), { signal: controller.signal })).rejects.toBe(reason);
    await expect(model.generate(request('a'), { signal: controller.signal })).rejects.toBe(reason);
    expect(model.calls).toHaveLength(1);
  });
});
