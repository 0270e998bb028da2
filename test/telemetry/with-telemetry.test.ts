import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { ModelCallError } from '../../src/errors.ts';
import { estimateRun } from '../../src/estimate/estimate-run.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { rejudge } from '../../src/evaluation/rejudge.ts';
import type { ChatModel } from '../../src/models/chat-model.ts';
import { registerSecret } from '../../src/redact.ts';
import { memoryRun, openRun, type Run } from '../../src/runs/run.ts';
import { withTelemetry } from '../../src/telemetry/index.ts';
import { fakeEmbedder } from '../../src/testing/fake-embedder.ts';
import { beekeepers, cast } from '../conversations/fakes.ts';
import { benchmarkCases, fakeCandidate, fakeJudge, fakeUser } from '../evaluation/fakes.ts';
import { instantBatches } from '../models/batch/instant-batches.ts';
import { useExportFolder } from '../preferences/export-files.ts';

const exporter = new InMemorySpanExporter();
const tracer = new BasicTracerProvider({
  spanProcessors: [new SimpleSpanProcessor(exporter)],
}).getTracer('test');
const folder = useExportFolder();
beforeEach(() => exporter.reset());

const spans = (name: RegExp) => exporter.getFinishedSpans().filter((span) => name.test(span.name));
const idOf = (span: ReadableSpan) => span.spanContext().spanId;
const traced = (run: Run = memoryRun({ seed: 7 }), content?: boolean) =>
  withTelemetry(run, { tracer, content });

const served: ChatModel = {
  id: 'gpt-4o',
  server: { address: 'api.openai.com/v1', stable: true },
  generate: async () => ({
    text: 'Hello.',
    finishReason: 'content-filter',
    usage: { inputTokens: 12, cachedInputTokens: 4, outputTokens: 3 },
    served: { model: 'gpt-4o-2024-11-20', fingerprint: 'fp_1' },
  }),
};
const messages = [{ role: 'user', content: 'Hi, my key is sk-test-1234567890abcdef1234.' }] as const;
const place = { task: 'titles', subject: 'first', role: 'editor', turn: 2 };

test('calls in batches have spans of their own, and stay in batches', async () => {
  const { model, batches } = instantBatches(served, 50);
  const run = await traced(memoryRun({ concurrency: 1 }));
  const asked = run.model(model);
  await Promise.all([1, 2, 3].map((turn) => asked.generate({ messages }, { place: { ...place, turn } })));
  expect(batches.flat()).toHaveLength(3);
  expect(spans(/^chat gpt-4o$/)).toHaveLength(3);
  expect(run.stats().calls).toBe(3);
});

describe('a call', () => {
  test('is a client span with the attributes of the convention and the place', async () => {
    const run = await traced();
    const request = { messages, temperature: 0.5, maxOutputTokens: 20, seed: 9, stop: ['END'] };
    await run.model(served).generate(request, { place });
    const [span] = spans(/./);
    expect(span).toMatchObject({ name: 'chat gpt-4o', kind: SpanKind.CLIENT });
    expect(span!.status.code).toBe(SpanStatusCode.UNSET);
    expect(span!.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.request.temperature': 0.5,
      'gen_ai.request.max_tokens': 20,
      'gen_ai.request.seed': 9,
      'gen_ai.request.stop_sequences': ['END'],
      'gen_ai.output.type': 'text',
      'gen_ai.response.model': 'gpt-4o-2024-11-20',
      'gen_ai.response.finish_reasons': ['content_filter'],
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.cache_read.input_tokens': 4,
      'gen_ai.usage.output_tokens': 3,
      'server.address': 'api.openai.com',
      'server.port': 443,
      'aloe.response.fingerprint': 'fp_1',
      'aloe.task': 'titles',
      'aloe.subject': 'first',
      'aloe.role': 'editor',
      'aloe.turn': 2,
    });
  });

  test('that the journal answers has no span', async () => {
    const run = await traced();
    for (let again = 0; again < 2; again++) await run.model(served).generate({ messages }, { place });
    expect(spans(/./)).toHaveLength(1);
    expect(run.stats()).toMatchObject({ calls: 1, replayed: 1 });
  });

  test('is one span with its retries, each an event', async () => {
    let attempts = 0;
    const flaky: ChatModel = {
      ...served,
      async generate(request, options) {
        attempts += 1;
        if (attempts < 3) throw new ModelCallError('gpt-4o', 'busy', { status: 503, retryable: true });
        return served.generate(request, options);
      },
    };
    const run = await traced(memoryRun({ retry: { baseDelayMs: 1 } }));
    await run.model(flaky).generate({ messages });
    const [span, ...others] = spans(/./);
    expect(others).toEqual([]);
    expect(span!.events.map(({ name }) => name)).toEqual(['aloe.retry', 'aloe.retry']);
    expect(span!.status.code).toBe(SpanStatusCode.UNSET);
  });

  test('that fails has the class of its error, and no secret in its message', async () => {
    registerSecret('hunter2-hunter2');
    const broken = (error: Error): ChatModel => ({ ...served, generate: () => Promise.reject(error) });
    const run = await traced(memoryRun(), true);
    const refused = new ModelCallError('gpt-4o', 'unauthorised', { status: 401, retryable: false });
    await expect(run.model(broken(refused)).generate({ messages })).rejects.toThrow('unauthorised');
    await expect(
      run.model(broken(new TypeError('bad hunter2-hunter2'))).generate({ messages }),
    ).rejects.toThrow();
    const [first, second] = spans(/./);
    expect(first!.attributes['error.type']).toBe('401');
    expect(first!.status).toMatchObject({ code: SpanStatusCode.ERROR });
    expect(second!.attributes['error.type']).toBe('TypeError');
    expect(second!.status.message).not.toContain('hunter2');
  });

  test('records what was said only if asked, and then without keys', async () => {
    registerSecret('sk-test-1234567890abcdef1234');
    await (await traced()).model(served).generate({ messages });
    expect(JSON.stringify(spans(/./)[0]!.attributes)).not.toMatch(/Hi, my key|Hello/);
    exporter.reset();
    await (await traced(memoryRun(), true)).model(served).generate({ messages });
    const { attributes } = spans(/./)[0]!;
    const input = JSON.parse(attributes['gen_ai.input.messages'] as string);
    expect(input).toEqual([
      { role: 'user', parts: [{ type: 'text', content: expect.stringMatching(/^Hi, my key is (?!sk-)/) }] },
    ]);
    expect(JSON.parse(attributes['gen_ai.output.messages'] as string)).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'Hello.' }], finish_reason: 'content_filter' },
    ]);
  });

  test('that fails quotes what was said only if asked', async () => {
    const echoing: ChatModel = {
      ...served,
      generate: (request) => Promise.reject(new Error(`refused: ${request.messages[0]!.content}`)),
    };
    const message = async (content?: boolean) => {
      exporter.reset();
      const run = await traced(memoryRun(), content);
      await expect(run.model(echoing).generate({ messages })).rejects.toThrow('refused');
      return spans(/./)[0]!.status.message;
    };
    expect(await message()).toBeUndefined();
    expect(await message(true)).toContain('refused: Hi');
  });

  test('is recorded whatever text a model has for its address', async () => {
    const run = await traced();
    await run.model({ ...served, server: { address: 'my box: 1/a', stable: false } }).generate({ messages });
    expect(spans(/./)[0]!.attributes['server.address']).toBe('my box: 1/a');
  });

  test('of a model in this process is an internal span, one to a server of your own has its port', async () => {
    const run = await traced();
    await run.model({ ...served, id: 'own', server: undefined, free: true }).generate({ messages });
    const own = { address: 'localhost:8000/v1', stable: false };
    await run.model({ ...served, id: 'vllm', server: own }).generate({ messages });
    const [inside, outside] = spans(/./);
    expect(inside!.kind).toBe(SpanKind.INTERNAL);
    expect(inside!.attributes['gen_ai.provider.name']).toBe('local');
    expect(outside!.attributes).toMatchObject({ 'server.address': 'localhost', 'server.port': 8000 });
  });
});

test('a conversation is a span around its calls, without a context manager', async () => {
  const run = await traced();
  const builder = new ConversationTreeBuilder({ run, roles: cast(), turns: 2 });
  const trees = await Array.fromAsync(builder.build(beekeepers(3)));
  const parents = spans(/^aloe\.conversation$/);
  expect(parents.map(({ attributes }) => attributes['gen_ai.conversation.id']).sort()).toEqual(
    trees.map(({ id }) => id).sort(),
  );
  expect(parents[0]!.attributes).toMatchObject({ 'aloe.decision_points': 2, 'aloe.failures': 0 });
  const calls = spans(/^chat /);
  expect(calls).toHaveLength(run.stats().calls);
  for (const call of calls) {
    const parent = parents.find((span) => idOf(span) === call.parentSpanContext?.spanId);
    expect(call.attributes['aloe.subject']).toMatch(
      new RegExp(`^${parent!.attributes['aloe.conversation_id']}:`.replaceAll('+', '\\+')),
    );
  }
});

/** As an application's SDK registers one. */
function useContextManager(): void {
  const storage = new AsyncLocalStorage<Context>();
  const manager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: <Args extends unknown[], Result>(
      own: Context,
      work: (...args: Args) => Result,
      self?: unknown,
      ...args: Args
    ) => storage.run(own, () => work.apply(self, args)),
    bind: <Target>(_own: Context, target: Target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  context.setGlobalContextManager(manager);
}

test('a case is a span with its outcome, inside the span that the application is in', async () => {
  useContextManager();
  onTestFinished(() => context.disable());
  const run = await traced();
  const around = tracer.startSpan('study');
  const inside = trace.setSpan(context.active(), around);
  const evaluator = new AloeEvaluator({
    run,
    user: fakeUser(),
    judge: fakeJudge(),
    cases: benchmarkCases(2),
    turns: 2,
  });
  const result = await context.with(inside, () => evaluator.evaluate(fakeCandidate('tuned')));
  around.end();
  const cases = spans(/^aloe\.case$/);
  expect(cases.map(({ attributes }) => attributes)).toContainEqual({
    'aloe.case_id': 'case-1',
    'aloe.repeat': 1,
    'aloe.candidate': 'tuned',
    'aloe.persona_id': result.cases[0]!.persona.id,
    'aloe.turns': 2,
    'aloe.average': 2.5,
  });
  expect(
    cases.every(({ parentSpanContext }) => parentSpanContext?.spanId === around.spanContext().spanId),
  ).toBe(true);
  const ids = new Set(cases.map(idOf));
  const calls = spans(/^chat /);
  expect(calls).toHaveLength(run.stats().calls);
  expect(calls.every(({ parentSpanContext }) => ids.has(parentSpanContext!.spanId))).toBe(true);
});

test('a case that another judge scores is a span around the verdicts', async () => {
  const options = { user: fakeUser(), judge: fakeJudge(), cases: benchmarkCases(1), turns: 2 };
  const result = await new AloeEvaluator(options).evaluate(fakeCandidate());
  await rejudge(result, fakeJudge(), { run: await traced() });
  const [own] = spans(/^aloe\.case$/);
  expect(spans(/^chat /).map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([
    idOf(own!),
    idOf(own!),
  ]);
});

test('texts that are embedded are a span', async () => {
  const run = await traced();
  const embedder = run.embedder(fakeEmbedder());
  await embedder.embed(['one', 'two']);
  await embedder.embed(['one', 'three']);
  expect(spans(/^embeddings /).map(({ attributes }) => attributes['aloe.texts'])).toEqual([2, 1]);
  expect(spans(/./)[0]!.attributes['gen_ai.operation.name']).toBe('embeddings');
});

test('a traced run is the same run: keys, seeds, answers, estimate', async () => {
  const play = async (run: Run) => {
    const builder = new ConversationTreeBuilder({ run, roles: cast(), turns: 2, order: 'input' });
    return Array.fromAsync(builder.build(beekeepers(2)));
  };
  const plain = await openRun(folder.dir, { seed: 3 });
  const trees = await play(plain);
  await plain.close();
  const run = await traced(await openRun(folder.dir));
  expect(await play(run)).toEqual(trees);
  expect(run.stats()).toMatchObject({ calls: 0 });
  expect(spans(/^chat /)).toEqual([]);
  const estimate = await estimateRun({
    conversations: { run, roles: cast(), turns: 2, personas: beekeepers(2) },
  });
  expect(estimate.total.typical).toMatchObject({ calls: 0, stored: run.stats().replayed });
  await run.close();
});

test('a traced run follows the concurrency that its run is retuned to', async () => {
  const run = await traced();
  run.steering!.retune({ concurrency: 3 });
  expect(run.concurrency).toBe(3);
});

test('what is not a run, an option or a tracer is refused', async () => {
  const untyped = withTelemetry as (run: unknown, options?: object) => Promise<Run>;
  await expect(untyped({})).rejects.toThrow('a run from openRun() or memoryRun()');
  await expect(untyped(memoryRun(), { contents: true })).rejects.toThrow('Did you mean "content"?');
  await expect(untyped(memoryRun(), { tracer: {} })).rejects.toThrow('an OpenTelemetry tracer');
});
