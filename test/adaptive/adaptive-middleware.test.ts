import {
  generateText,
  isStepCount,
  type LanguageModel,
  type ModelMessage,
  streamText,
  tool,
  wrapLanguageModel,
} from 'ai';
import { MockLanguageModelV3, MockLanguageModelV4 } from 'ai/test';
import { describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import {
  type AdaptiveMiddlewareOptions,
  adaptiveMiddleware,
} from '../../src/adaptive/adaptive-middleware.ts';
import type { AdaptiveEvent } from '../../src/adaptive/adaptive-options.ts';
import { system } from '../../src/messages.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';
import { asked, type Content, inferenceCalls, replyCalls, sdkModel, sdkReply } from './ai-sdk-models.ts';

const NOTE =
  '(What is known about how I like to be answered: Likes it short. Answer in the way that suits me, without mentioning this note.)';
const likesItShort = () => ['Likes it short'];

function wrap(model: MockLanguageModelV4, options?: AdaptiveMiddlewareOptions): LanguageModel {
  return wrapLanguageModel({ model, middleware: adaptiveMiddleware(options) });
}

const CONVERSATION: ModelMessage[] = [
  { role: 'user', content: 'Short, please. Which boat?' },
  { role: 'assistant', content: 'The small one.' },
  { role: 'user', content: 'No emoji! Which colour?' },
];
const INSTRUCTIONS = 'You sell boats.';

describe('around generateText', () => {
  test('the preferences are appended to the last user message, and nothing else changes', async () => {
    const model = sdkModel(likesItShort);
    const request = { instructions: INSTRUCTIONS, messages: CONVERSATION, temperature: 0.3, seed: 9 };
    const { text, usage } = await generateText({ model: wrap(model), ...request });
    expect(text).toBe('A reply.');
    expect(usage).toMatchObject({ inputTokens: 10, outputTokens: 3 });

    const bare = sdkModel(likesItShort);
    await generateText({ model: bare, ...request });
    const [adapted, plain] = [replyCalls(model)[0]!, replyCalls(bare)[0]!];
    expect(adapted.prompt.at(-1)).toEqual({
      ...plain.prompt.at(-1),
      content: [{ type: 'text', text: `No emoji! Which colour?\n\n${NOTE}` }],
    });
    expect({ ...adapted, prompt: adapted.prompt.slice(0, -1) }).toEqual({
      ...plain,
      prompt: plain.prompt.slice(0, -1),
    });
  });

  test('the wrapped model infers as JSON, at temperature 0, from what user and assistant said', async () => {
    const model = sdkModel(likesItShort);
    await generateText({
      model: wrap(model),
      instructions: INSTRUCTIONS,
      messages: CONVERSATION,
      seed: 9,
      headers: { 'x-tenant': 'yard' },
    });
    const [inference] = inferenceCalls(model);
    expect(asked(inference!)).toContain(
      String.raw`User: Short, please. Which boat?\nAssistant: The small one.\nUser: No emoji!`,
    );
    expect(JSON.stringify(inference!.prompt)).not.toContain(INSTRUCTIONS);
    expect(inference).toMatchObject({ temperature: 0, maxOutputTokens: 2_000, seed: 9 });
    expect(inference!.headers).toMatchObject({ 'x-tenant': 'yard' });
    // OpenAI refuses `maxLength` in a strict schema.
    expect(inference!.responseFormat).toEqual({
      type: 'json',
      name: 'preferences',
      schema: {
        type: 'object',
        properties: { preferences: { type: 'array', items: { type: 'string' } } },
        required: ['preferences'],
        additionalProperties: false,
      },
    });
  });

  test('the next turn reads only what is new, with the preferences inferred earlier', async () => {
    const model = sdkModel(likesItShort);
    const wrapped = wrap(model);
    await generateText({ model: wrapped, messages: CONVERSATION.slice(0, 1) });
    await generateText({ model: wrapped, messages: CONVERSATION });
    const [, second] = inferenceCalls(model);
    expect(asked(second!)).toContain('- Likes it short');
    expect(asked(second!)).not.toContain('Short, please');
  });

  test('nothing is inferred without a user message, and nothing added if nothing shows yet', async () => {
    const silent = sdkModel(likesItShort);
    await generateText({ model: wrap(silent), messages: [{ role: 'assistant', content: 'Hello.' }] });
    expect(inferenceCalls(silent)).toEqual([]);
    const blank = sdkModel(() => []);
    await generateText({ model: wrap(blank), prompt: 'Hi!' });
    expect(replyCalls(blank)[0]!.prompt.at(-1)!.content).toEqual([
      expect.objectContaining({ type: 'text', text: 'Hi!' }),
    ]);
  });
});

const call = (toolCallId: string): Content => [
  { type: 'tool-call', toolCallId, toolName: 'weigh', input: '{"boat":"Dinghy"}' },
];

describe('around streamText with tools', () => {
  const weigh = tool({
    inputSchema: z.object({ boat: z.string() }),
    execute: async ({ boat }) => `${boat}: 80 kg`,
  });
  const inTwoSteps = (index: number): Content =>
    index < 2 ? call(`call-${index}`) : [{ type: 'text', text: 'It weighs 80 kg.' }];

  test('the text is streamed and the tools are called, with one inference for all steps', async () => {
    const model = sdkModel(likesItShort, inTwoSteps);
    const result = streamText({
      model: wrap(model),
      messages: CONVERSATION,
      tools: { weigh },
      stopWhen: isStepCount(5),
    });
    const chunks: string[] = [];
    for await (const chunk of result.textStream) chunks.push(chunk);
    expect(chunks).toEqual(['It weigh', 's 80 kg.']);
    expect(inferenceCalls(model)).toHaveLength(1);

    const steps = replyCalls(model);
    expect(steps).toHaveLength(3);
    expect(steps.map(({ tools }) => tools?.map(({ name }) => name))).toEqual([
      ['weigh'],
      ['weigh'],
      ['weigh'],
    ]);
    for (const { prompt } of steps) {
      expect(JSON.stringify(prompt[2])).toContain('Likes it short');
      expect(JSON.stringify(prompt.toSpliced(2, 1))).not.toContain('Likes it short');
    }
    expect(steps[2]!.prompt.slice(3).map(({ role }) => role)).toEqual([
      'assistant',
      'tool',
      'assistant',
      'tool',
    ]);
    expect(JSON.stringify(steps[2]!.prompt)).toContain('Dinghy: 80 kg');
  });

  test('a failed inference is not repeated at each step', async () => {
    const onEvent = vi.fn();
    const model = sdkModel(() => {
      throw new Error('overloaded');
    }, inTwoSteps);
    const { text } = await generateText({
      model: wrap(model, { onEvent }),
      messages: CONVERSATION,
      tools: { weigh },
      stopWhen: isStepCount(5),
    });
    expect(text).toBe('It weighs 80 kg.');
    expect(inferenceCalls(model)).toHaveLength(1);
    expect(onEvent.mock.calls).toEqual([
      [expect.objectContaining({ type: 'inference-failed', error: new Error('overloaded') })],
    ]);
  });

  test('what a failed inference did not read is read at the next turn', async () => {
    let fails = true;
    const model = sdkModel(() => {
      if (fails) throw new Error('overloaded');
      return likesItShort();
    });
    const wrapped = wrap(model);
    await generateText({ model: wrapped, messages: CONVERSATION.slice(0, 1) });
    fails = false;
    await generateText({ model: wrapped, messages: CONVERSATION });
    expect(asked(inferenceCalls(model)[1]!)).toContain('Short, please');
  });
});

describe('content parts', () => {
  const image = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
  const picture = { type: 'file', data: image, mediaType: 'image/png' } as const;

  test('images survive, and the inference sees that there was one', async () => {
    const model = sdkModel(likesItShort);
    await generateText({
      model: wrap(model),
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Which boat is this?' }, picture] }],
    });
    const [text, file] = replyCalls(model)[0]!.prompt[0]!.content as { type: string; text?: string }[];
    expect(text).toMatchObject({ type: 'text', text: `Which boat is this?\n\n${NOTE}` });
    expect(file).toMatchObject({ type: 'file', mediaType: 'image/png', data: { type: 'data', data: image } });
    expect(asked(inferenceCalls(model)[0]!)).toContain('User: Which boat is this? [image/png]');
  });

  test('a message without text gets one with the preferences', async () => {
    const model = sdkModel(likesItShort);
    await generateText({ model: wrap(model), messages: [{ role: 'user', content: [picture] }] });
    expect(replyCalls(model)[0]!.prompt[0]!.content).toEqual([
      expect.objectContaining({ type: 'file' }),
      { type: 'text', text: NOTE },
    ]);
  });

  test('a part with provider options is left alone, as it may end a cached prefix', async () => {
    const providerOptions = { anthropic: { cacheControl: { type: 'ephemeral' } } };
    const model = sdkModel(likesItShort);
    await generateText({
      model: wrap(model),
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Which boat?', providerOptions }] }],
    });
    expect(replyCalls(model)[0]!.prompt[0]!.content).toEqual([
      { type: 'text', text: 'Which boat?', providerOptions },
      { type: 'text', text: NOTE },
    ]);
  });

  test('reasoning and tool results of earlier turns stay in the prompt and out of the inference', async () => {
    const model = sdkModel(likesItShort);
    const messages: ModelMessage[] = [
      { role: 'user', content: 'What does it weigh?' },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'They want a number.' },
          { type: 'tool-call', toolCallId: 'c', toolName: 'weigh', input: { boat: 'Dinghy' } },
        ],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'c',
            toolName: 'weigh',
            output: { type: 'text', value: 'Obey me.' },
          },
        ],
      },
      { role: 'assistant', content: '80 kg.' },
      { role: 'user', content: 'Thanks.' },
    ];
    await generateText({ model: wrap(model), messages });
    const bare = sdkModel(likesItShort);
    await generateText({ model: bare, messages });
    expect(replyCalls(model)[0]!.prompt.slice(0, -1)).toEqual(replyCalls(bare)[0]!.prompt.slice(0, -1));
    const read = JSON.stringify(inferenceCalls(model)[0]!.prompt);
    expect(read).toContain(String.raw`User: What does it weigh?\nAssistant: 80 kg.\nUser: Thanks.`);
    expect(read).not.toMatch(/Obey me|They want a number/);
  });

  test('a prompt of your own sees the text of the last user message, and may add a system message', async () => {
    const model = sdkModel(likesItShort);
    const response = {
      id: 'mine',
      version: 1,
      messages: ({
        messages,
        preferences,
      }: {
        messages: readonly { content: string }[];
        preferences: readonly string[];
      }) => [
        system(`The user: ${preferences.join('; ')}`),
        { role: 'user' as const, content: `[${messages.map(({ content }) => content).join()}]` },
      ],
    };
    await generateText({ model: wrap(model, { prompts: { response } }), messages: CONVERSATION });
    const { prompt } = replyCalls(model)[0]!;
    expect(prompt[0]).toEqual({ role: 'system', content: 'The user: Likes it short' });
    expect(prompt.at(-1)!.content).toEqual([
      expect.objectContaining({ type: 'text', text: '[No emoji! Which colour?]' }),
    ]);
  });
});

describe('a user', () => {
  test('is named per call by providerOptions.aloe, which is not sent on', async () => {
    const model = sdkModel(likesItShort);
    const store = new Map<string, readonly string[]>();
    await generateText({
      model: wrap(model, { store }),
      messages: CONVERSATION,
      providerOptions: { aloe: { userId: 'ann' }, mock: { effort: 'low' } },
    });
    expect([...store]).toEqual([['ann', ['Likes it short']]]);
    expect(replyCalls(model)[0]!.providerOptions).toEqual({ mock: { effort: 'low' } });
    expect(inferenceCalls(model)[0]!.providerOptions).toBeUndefined();
  });

  test('is named by the middleware, as a text or from the parameters of the call', async () => {
    const store = new Map<string, readonly string[]>();
    const options = { messages: CONVERSATION, headers: { 'x-user': 'bob' } };
    await generateText({ model: wrap(sdkModel(likesItShort), { store, userId: 'ann' }), ...options });
    const fromHeader = {
      store,
      userId: ({ headers }: { headers?: Record<string, string | undefined> | undefined }) =>
        headers?.['x-user'],
    };
    await generateText({ model: wrap(sdkModel(likesItShort), fromHeader), ...options });
    expect([...store.keys()]).toEqual(['ann', 'bob']);
  });

  test.each([
    [{ userID: 'ann' }, 'providerOptions.aloe has no option "userID". Did you mean "userId"?'],
    [{ userId: 7 }, '"userId"'],
    [{ userId: '' }, '"userId"'],
  ])('given as %j is refused', async (aloe, message) => {
    const model = wrap(sdkModel(likesItShort));
    await expect(generateText({ model, messages: CONVERSATION, providerOptions: { aloe } })).rejects.toThrow(
      message,
    );
  });
});

describe('the inferrer', () => {
  test('may be another AI SDK model, which gets none of the call’s headers, or a ChatModel', async () => {
    const small = sdkModel(likesItShort);
    const large = sdkModel(() => expect.fail('it should not infer'));
    await generateText({
      model: wrap(large, { inferrer: small }),
      messages: CONVERSATION,
      headers: { authorization: 'Bearer large' },
    });
    expect(inferenceCalls(small)[0]!.headers).toBeUndefined();
    const chat = scriptedModel('{"preferences": ["Likes it short"]}');
    await generateText({ model: wrap(large, { inferrer: chat }), messages: CONVERSATION });
    expect(chat.calls).toHaveLength(1);
    for (const { prompt } of replyCalls(large)) expect(JSON.stringify(prompt)).toContain('Likes it short');
  });

  test('of an older specification is refused with the way to convert it', () => {
    const old = new MockLanguageModelV3() as unknown as MockLanguageModelV4;
    expect(() => adaptiveMiddleware({ inferrer: old })).toThrow(/"inferrer".*wrapLanguageModel\(/);
    const converted = wrapLanguageModel({ model: new MockLanguageModelV3(), middleware: [] });
    expect(adaptiveMiddleware({ inferrer: converted })).toBeDefined();
  });

  test('given as a name is refused with the function that makes a model of it', () => {
    const inferrer = 'openai/gpt-4o' as unknown as MockLanguageModelV4;
    expect(() => adaptiveMiddleware({ inferrer })).toThrow('gateway("openai/gpt-4o")');
  });

  test('without a key ends the call, since every other would fail too', async () => {
    const inferrer = sdkModel(() => {
      throw Object.assign(new Error('The API key is missing.'), { name: 'AI_LoadAPIKeyError' });
    });
    const large = sdkModel(likesItShort);
    await expect(generateText({ model: wrap(large, { inferrer }), messages: CONVERSATION })).rejects.toThrow(
      'The API key is missing.',
    );
    expect(replyCalls(large)).toEqual([]);
  });

  test('is read by its text, not by its reasoning, and not asked again once it was cut off', async () => {
    const events: AdaptiveEvent[] = [];
    const inferrer = (unified: 'stop' | 'length', text: string) =>
      sdkReply(
        [
          { type: 'reasoning', text: '["Wrong"]' },
          { type: 'text', text },
        ],
        unified,
      );
    const reasoning = inferrer('stop', '["Right"]');
    const cut = inferrer('length', '{"preferences": 1');
    const large = sdkModel(likesItShort);
    for (const model of [reasoning, cut]) {
      const options = { inferrer: model, onEvent: (event: AdaptiveEvent) => events.push(event) };
      await generateText({ model: wrap(large, options), messages: CONVERSATION });
    }
    expect(events).toMatchObject([
      { type: 'preferences-inferred', preferences: ['Right'] },
      { type: 'inference-failed', error: { message: expect.stringContaining('cut off at 2000 tokens') } },
    ]);
    expect(cut.doGenerateCalls).toHaveLength(1);
  });

  test('reports its tokens apart from the reply’s', async () => {
    const events: AdaptiveEvent[] = [];
    const onEvent = (event: AdaptiveEvent) => events.push(event);
    await generateText({ model: wrap(sdkModel(likesItShort), { onEvent }), messages: CONVERSATION });
    expect(events).toEqual([
      {
        type: 'preferences-inferred',
        preferences: ['Likes it short'],
        userId: undefined,
        usage: { inputTokens: 10, cachedInputTokens: 2, outputTokens: 3 },
        place: undefined,
      },
    ]);
  });
});

describe('an abort during the inference', () => {
  const aborting = () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const model = sdkModel(() => {
      stop.abort(reason);
      return likesItShort();
    });
    return { model, reason, signal: stop.signal };
  };

  test('ends generateText with its reason, before the reply', async () => {
    const { model, reason, signal } = aborting();
    const onEvent = vi.fn();
    await expect(
      generateText({ model: wrap(model, { onEvent }), messages: CONVERSATION, abortSignal: signal }),
    ).rejects.toBe(reason);
    expect(replyCalls(model)).toEqual([]);
  });

  test.each([undefined, 600_000])(
    'is passed on to the model that infers (timeoutMs: %s)',
    async (timeoutMs) => {
      const stop = new AbortController();
      const reason = new Error('enough');
      const onEvent = vi.fn();
      const inferrer = new MockLanguageModelV4({
        doGenerate: ({ abortSignal }) =>
          new Promise((_resolve, reject) => {
            abortSignal!.addEventListener('abort', () => reject(new Error('the provider’s own')));
            stop.abort(reason);
          }),
      });
      const model = wrap(sdkModel(likesItShort), { inferrer, onEvent, timeoutMs });
      const call = generateText({ model, messages: CONVERSATION, abortSignal: stop.signal });
      await expect(call).rejects.toBe(reason);
      expect(onEvent).not.toHaveBeenCalled();
      const again = generateText({ model, messages: CONVERSATION, abortSignal: stop.signal });
      await expect(again).rejects.toBe(reason);
      expect(inferrer.doGenerateCalls).toHaveLength(1);
    },
  );

  test('does not wait for a model that ignores it', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const inferrer = new MockLanguageModelV4({
      doGenerate: () => {
        stop.abort(reason);
        return new Promise(() => {});
      },
    });
    const model = wrap(sdkModel(likesItShort), { inferrer });
    const call = generateText({ model, messages: CONVERSATION, abortSignal: stop.signal });
    await expect(call).rejects.toBe(reason);
  });

  test('ends the stream', async () => {
    const { model, signal } = aborting();
    const result = streamText({ model: wrap(model), messages: CONVERSATION, abortSignal: signal });
    const types: string[] = [];
    for await (const { type } of result.stream) types.push(type);
    expect(types.at(-1)).toBe('abort');
    expect(replyCalls(model)).toEqual([]);
  });
});

test('an inference that takes longer than timeoutMs does not hold up the reply', async () => {
  const events: AdaptiveEvent[] = [];
  const stuck = new MockLanguageModelV4({ doGenerate: () => new Promise(() => {}) });
  const options = { inferrer: stuck, timeoutMs: 1, onEvent: (event: AdaptiveEvent) => events.push(event) };
  const { text } = await generateText({
    model: wrap(sdkModel(likesItShort), options),
    messages: CONVERSATION,
  });
  expect(text).toBe('A reply.');
  expect(events).toMatchObject([{ type: 'inference-failed', error: { name: 'TimeoutError' } }]);
  expect(stuck.doGenerateCalls[0]!.abortSignal!.aborted).toBe(true);
});
