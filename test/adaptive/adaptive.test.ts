import { describe, expect, test, vi } from 'vitest';
import { adaptive } from '../../src/adaptive/adaptive.ts';
import type { AdaptiveEvent, AdaptiveOptions } from '../../src/adaptive/adaptive-options.ts';
import { MissingKeyError, ModelCallError } from '../../src/errors.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { assistant, type Message, system, user } from '../../src/messages.ts';
import type { ChatRequest, ChatResponse } from '../../src/models/chat-model.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { chatModelConformance } from '../../src/testing/chat-model-conformance.ts';
import { type ScriptedModel, type ScriptedReply, scriptedModel } from '../../src/testing/scripted-model.ts';
import { benchmarkCases, fakeJudge, fakeUser } from '../evaluation/fakes.ts';

const isInference = ({ outputSchema }: ChatRequest): boolean => outputSchema?.name === 'preferences';

/** Answers inferences with one function and replies with the other. */
function twoSided(
  infer: (request: ChatRequest) => ScriptedReply,
  answer: (request: ChatRequest) => ScriptedReply = () => 'A reply.',
): ScriptedModel {
  return scriptedModel((request) => (isInference(request) ? infer(request) : answer(request)), { id: 'two' });
}

const preferences = (...list: unknown[]): string => JSON.stringify({ preferences: list });
const inferences = (model: ScriptedModel) => model.calls.filter(({ request }) => isInference(request));
const answers = (model: ScriptedModel) => model.calls.filter(({ request }) => !isInference(request));
const lastContent = ({ request }: { request: ChatRequest }): string => request.messages.at(-1)!.content;

const conversation: readonly Message[] = [
  system('You sell boats.'),
  user('Short, please. Which boat?'),
  assistant('The small one.'),
  user('No emoji! Which colour?'),
];

describe.each(
  chatModelConformance(() =>
    adaptive(
      twoSided(
        () => preferences('Likes it short'),
        ({ outputSchema }) => (outputSchema === undefined ? 'Fine.' : '{"mood": "good"}'),
      ),
    ),
  ),
)('adaptive keeps the ChatModel contract', ({ name, run }) => {
  test(name, run);
});

describe('an adaptive model', () => {
  test('appends the inferred preferences to the last user message and changes nothing before it', async () => {
    const model = twoSided(() => preferences('Likes it short', 'Dislikes emoji'));
    const request = { messages: conversation, temperature: 0.3, maxOutputTokens: 50, seed: 9, stop: ['END'] };
    const { text } = await adaptive(model).generate(request);
    expect(text).toBe('A reply.');
    const { messages, ...settings } = answers(model)[0]!.request;
    expect(settings).toEqual({ temperature: 0.3, maxOutputTokens: 50, seed: 9, stop: ['END'] });
    expect(messages.slice(0, -1)).toEqual(conversation.slice(0, -1));
    expect(messages.at(-1)!.content).toMatch(
      /^No emoji! Which colour\?\n\n\(.*Likes it short; Dislikes emoji\./,
    );
  });

  test('infers from the conversation without system messages', async () => {
    const model = twoSided(() => preferences());
    await adaptive(model).generate({ messages: conversation });
    const [inference] = inferences(model);
    expect(lastContent(inference!)).toContain('User: Short, please. Which boat?\nAssistant: The small one.');
    expect(JSON.stringify(inference!.request)).not.toContain('You sell boats');
  });

  test('passes the request through if nothing is inferred yet, or there is no user message', async () => {
    const model = twoSided(() => preferences());
    await adaptive(model).generate({ messages: conversation });
    expect(answers(model)[0]!.request.messages).toEqual(conversation);
    const silent = twoSided(() => preferences('x y'));
    await adaptive(silent).generate({ messages: [system('Say hello.')] });
    expect(silent.calls).toHaveLength(1);
  });

  test('reads only the new messages at each turn, with the preferences inferred earlier', async () => {
    const model = twoSided((request) =>
      preferences(
        ...(lastContent({ request }).includes('emoji')
          ? ['Likes it short', 'Dislikes emoji']
          : ['Likes it short']),
      ),
    );
    const wrapped = adaptive(model);
    await wrapped.generate({ messages: conversation.slice(0, 2) });
    await wrapped.generate({ messages: conversation });
    expect(inferences(model)).toHaveLength(2);
    const second = lastContent(inferences(model)[1]!);
    expect(second).toContain('- Likes it short');
    expect(second).toContain('Assistant: The small one.\nUser: No emoji!');
    expect(second).not.toContain('Short, please');
  });

  test('reads the whole conversation if the previous turn is not cached', async () => {
    const model = twoSided(() => preferences('Likes it short'));
    await adaptive(model).generate({ messages: conversation });
    expect(inferences(model)).toHaveLength(1);
    expect(lastContent(inferences(model)[0]!)).toContain('Short, please');
  });

  test('infers once per conversation, and again once it was dropped from the cache', async () => {
    const model = twoSided(() => preferences('Likes it short'));
    const wrapped = adaptive(model, { keptInferences: 1 });
    const one = { messages: [user('One')] };
    await wrapped.generate(one);
    await wrapped.generate(one);
    expect(inferences(model)).toHaveLength(1);
    await wrapped.generate({ messages: [user('Two')] });
    await wrapped.generate(one);
    expect(inferences(model)).toHaveLength(3);
  });

  test('sums the usage of its calls, including malformed inferences', async () => {
    const usage = { inputTokens: 10, cachedInputTokens: 2, outputTokens: 3 };
    let asked = 0;
    const model = twoSided(
      () => ({ text: asked++ === 0 ? 'Hm.' : preferences('Likes it short'), usage }),
      () => ({ text: 'A reply.', usage }),
    );
    const response = await adaptive(model).generate({ messages: conversation });
    expect(response.usage).toEqual({ inputTokens: 30, cachedInputTokens: 6, outputTokens: 9 });
  });

  test('uses the inferrer if one is given, and includes it in its id', async () => {
    const [large, small] = [
      scriptedModel('A reply.', { id: 'large' }),
      scriptedModel(preferences('x y'), { id: 'small' }),
    ];
    const wrapped = adaptive(large, { inferrer: small });
    await wrapped.generate({ messages: conversation });
    expect([large.calls.length, small.calls.length]).toEqual([1, 1]);
    expect(wrapped.id).toBe('adaptive:preference-inference@1:adapted-response@1:8x300x2:small:large');
    expect(adaptive(large).id).not.toContain('small');
  });
});

test.each([
  ['messages that are not text', { messages: [{ role: 'user', content: [] }] }, {}, '"messages[0].content"'],
  ['an empty user id', { messages: conversation }, { userId: '' }, '"userId"'],
])('an adaptive model refuses %s before any call', async (_what, request, options, message) => {
  const model = scriptedModel('A reply.');
  await expect(adaptive(model).generate(request as ChatRequest, options)).rejects.toThrow(message);
  expect(model.calls).toEqual([]);
});

describe('an inference', () => {
  test.each([
    ['a list alone', '["Likes it short", "Dislikes emoji"]'],
    ['objects', '{"preferences": [{"preference": "Likes it short"}, {"text": "Dislikes emoji."}]}'],
    [
      'marks, blanks and repetitions',
      '{"preferences": ["- Likes it  short", "likes it short", "Dislikes emoji", "", 3]}',
    ],
    ['chatter around it', 'Sure! ```json\n{"preferences": ["Likes it short", "Dislikes emoji"]}\n```'],
  ])('is found in %s', async (_what, reply) => {
    const model = twoSided(() => reply);
    await adaptive(model).generate({ messages: conversation });
    expect(lastContent(answers(model)[0]!)).toContain('Likes it short; Dislikes emoji.');
  });

  test('is limited in number and length', async () => {
    const model = twoSided(() =>
      preferences(...Array.from({ length: 30 }, (_, index) => `${index} ${'very '.repeat(200)}`)),
    );
    await adaptive(model, { maxPreferences: 3 }).generate({ messages: [user('Hi')] });
    expect(lastContent(answers(model)[0]!).length).toBeLessThan(900);
  });

  test('that is malformed is reported, and the reply uses the earlier preferences', async () => {
    const events: AdaptiveEvent[] = [];
    const model = twoSided((request) =>
      lastContent({ request }).includes('emoji') ? 'Hm.' : preferences('Likes it short'),
    );
    const wrapped = adaptive(model, { onEvent: (event) => events.push(event) });
    await wrapped.generate({ messages: conversation.slice(0, 2) });
    const { text } = await wrapped.generate({ messages: conversation });
    expect(text).toBe('A reply.');
    expect(events.map(({ type }) => type)).toEqual(['preferences-inferred', 'inference-failed']);
    expect(lastContent(answers(model)[1]!)).toContain('Likes it short.');
  });

  const reply = assistant('A reply.');
  const turnsOf = (count: number): Message[] =>
    Array.from({ length: count }, (_, index) => [user(`Message ${index + 1}`), reply])
      .flat()
      .slice(0, -1);

  test('that fails loses nothing of what was known, and the next one goes on where it did', async () => {
    let fails = false;
    const model = twoSided(() => (fails ? new Error('overloaded') : preferences('Likes it short')));
    const wrapped = adaptive(model, { maxMessages: 4 });
    for (const count of [1, 2, 3, 4]) {
      fails = count === 3;
      await wrapped.generate({ messages: turnsOf(count) });
    }
    expect(lastContent(answers(model)[2]!)).toContain('Likes it short.');
    expect(lastContent(inferences(model)[3]!)).toBe(
      'Noted so far:\n- Likes it short\n\nWhat was said since:\nAssistant: A reply.\nUser: Message 3\nAssistant: A reply.\nUser: Message 4',
    );
  });

  test('that is aborted leaves the next one what was known, and is made again if its turn is', async () => {
    const stop = new AbortController();
    const model = twoSided((request) => {
      if (lastContent({ request }).endsWith('Message 2')) stop.abort(new Error('enough'));
      return preferences('Likes it short');
    });
    const wrapped = adaptive(model);
    await wrapped.generate({ messages: turnsOf(1) });
    const call = wrapped.generate({ messages: turnsOf(2) }, { signal: stop.signal });
    await expect(call).rejects.toThrow('enough');
    await wrapped.generate({ messages: [...turnsOf(2), user('I mean this')] });
    expect(lastContent(inferences(model)[2]!)).toBe(
      'Noted so far:\n- Likes it short\n\nWhat was said since:\nAssistant: A reply.\nUser: Message 2\nUser: I mean this',
    );
    await wrapped.generate({ messages: turnsOf(2) });
    expect(inferences(model)).toHaveLength(4);
  });

  test('whose texts have no letter in what fits of them does not end the conversation', async () => {
    const model = twoSided(() => preferences(`${'1 '.repeat(80)}likes lists`));
    const wrapped = adaptive(model);
    await wrapped.generate({ messages: turnsOf(1) });
    await wrapped.generate({ messages: turnsOf(2) });
    expect(answers(model).map(({ request }) => request.messages)).toEqual([turnsOf(1), turnsOf(2)]);
  });

  test('whose server is unreachable does not prevent the reply', async () => {
    const onEvent = vi.fn();
    const gone = scriptedModel(new ModelCallError('small', 'no server.', { retryable: true }), {
      id: 'small',
    });
    const large = scriptedModel('A reply.');
    const { text } = await adaptive(large, { inferrer: gone, onEvent }).generate({ messages: conversation });
    expect(text).toBe('A reply.');
    expect(large.calls[0]!.request.messages).toEqual(conversation);
    expect(onEvent).toHaveBeenCalledWith(expect.objectContaining({ type: 'inference-failed' }));
  });

  test('throws an error that would affect every call, such as a missing key', async () => {
    const keyless = scriptedModel(new MissingKeyError('OpenAI', 'OPENAI_API_KEY'));
    const wrapped = adaptive(scriptedModel('A reply.'), { inferrer: keyless });
    await expect(wrapped.generate({ messages: conversation })).rejects.toThrow(MissingKeyError);
  });

  test('is aborted by the signal with its reason', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const model = twoSided(() => {
      stop.abort(reason);
      return preferences('Likes it short');
    });
    const call = adaptive(model).generate({ messages: conversation }, { signal: stop.signal });
    await expect(call).rejects.toBe(reason);
    expect(answers(model)).toHaveLength(0);
  });
});

describe('in a run', () => {
  test('the calls inside are journaled at their own places, counted once and replayed', async () => {
    const run = memoryRun({ seed: 3 });
    const model = twoSided(({ seed }) => preferences(`Likes number ${seed}`));
    const play = () =>
      new AloeEvaluator({
        run,
        user: fakeUser(),
        judge: fakeJudge(),
        cases: benchmarkCases(2),
        turns: 3,
      }).evaluate(adaptive(model));
    const first = await play();
    expect(first.candidate.model).toBe(adaptive(model).id);
    expect(model.calls).toHaveLength(12);
    // Six turns: user, inference, response, and two judgements.
    expect(run.stats().calls).toBe(30);
    expect(new Set(model.calls.map(({ options }) => options.place?.role))).toEqual(
      new Set(['candidate', 'candidate:inference']),
    );
    expect(await play()).toEqual(first);
    expect(model.calls).toHaveLength(12);
  });

  test('it does not deadlock, however low the concurrency', async () => {
    const run = memoryRun({ concurrency: 1 });
    const model = run.model(adaptive(twoSided(() => preferences('Likes it short'))));
    const replies: ChatResponse[] = await Promise.all(
      ['a', 'b', 'c'].map((text) => model.generate({ messages: [user(text)] })),
    );
    expect(replies.map(({ text }) => text)).toEqual(['A reply.', 'A reply.', 'A reply.']);
    expect(run.model(model)).toBe(model);
  });
});

test.each([
  ['model', () => adaptive({} as ScriptedModel)],
  ['inferrer', () => adaptive(scriptedModel('x'), { inferrer: {} as ScriptedModel })],
  ...(['maxPreferences', 'inferenceTokens', 'attempts', 'keptInferences'] as const).map(
    (name): [string, () => unknown] => [
      name,
      () => adaptive(scriptedModel('x'), { [name]: 0 } as AdaptiveOptions),
    ],
  ),
])('rejects an invalid %s by name', (option, make) => {
  expect(make).toThrow(`"${option}"`);
});
