import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ModelCallError } from '../../../src/errors.ts';
import { type BatchedOptions, batched } from '../../../src/models/batch/batched.ts';
import { openaiBatches } from '../../../src/models/batch/openai-batches.ts';
import type { ChatModel } from '../../../src/models/chat-model.ts';
import { openai } from '../../../src/models/openai.ts';
import type { RunEvent } from '../../../src/runs/events.ts';
import { memoryRun, openRun, type Run } from '../../../src/runs/run.ts';
import { completion } from '../chat-server.ts';
import { apiError, type BatchServer, json, startBatchServer } from './batch-server.ts';
import { instantBatches } from './instant-batches.ts';

let server: BatchServer;
let folder: string;
beforeEach(async () => {
  server = await startBatchServer();
  folder = await mkdtemp(join(tmpdir(), 'aloe-batch-'));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const bare = (): ChatModel => openai('tiny', { baseUrl: server.baseUrl, apiKey: 'sk-batch-test-key-0001' });
const inBatches = (options: BatchedOptions = {}) => batched(bare(), { pollMs: 5, quietMs: 100, ...options });

const ask = (model: ChatModel, number: number, signal?: AbortSignal) =>
  model.generate(
    { messages: [{ role: 'user', content: `Question ${number}` }] },
    { place: { task: 'test', subject: String(number), role: 'asker' }, signal },
  );

const askAll = (model: ChatModel, count: number) =>
  Promise.all(Array.from({ length: count }, (_, number) => ask(model, number).then(({ text }) => text)));

const replies = (count: number) =>
  Array.from({ length: count }, (_, number) => `Reply to: Question ${number}`);

describe('in a run', () => {
  test('calls that arrive together are one batch, beyond the concurrency of the run', async () => {
    const run = memoryRun({ concurrency: 2 });
    expect(await askAll(run.model(inBatches()), 100)).toEqual(replies(100));
    expect(server.batches.map(({ rows }) => rows.length)).toEqual([100]);
    expect(run.stats()).toMatchObject({ calls: 100, inFlight: 0 });
    await run.close();
  });

  test('3,000 calls are one batch', async () => {
    const run = await openRun(join(folder, 'run'));
    expect(await askAll(run.model(inBatches()), 3_000)).toEqual(replies(3_000));
    expect(server.batches).toHaveLength(1);
    await run.close();
  });

  test('conversations advance in lock-step, one batch per step', async () => {
    const run = memoryRun();
    // Long enough for a busy machine.
    const model = run.model(inBatches({ quietMs: 1_000 }));
    const converse = async (number: number) => {
      const first = await ask(model, number);
      return ask(model, number + 1_000 + first.text.length * 0);
    };
    await Promise.all(Array.from({ length: 20 }, (_, number) => converse(number)));
    expect(server.batches.map(({ rows }) => rows.length)).toEqual([20, 20]);
    await run.close();
  });

  test('a batch waits while another model of the run works', async () => {
    const run = memoryRun();
    const gate = Promise.withResolvers<void>();
    const slow = run.model({
      id: 'slow',
      generate: async () => {
        await gate.promise;
        return {
          text: '',
          finishReason: 'stop',
          usage: { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 },
        };
      },
    });
    const model = run.model(inBatches({ quietMs: 5 }));
    const first = ask(model, 1);
    const second = ask(slow, 2).then(() => ask(model, 2));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(server.batches).toHaveLength(0);
    gate.resolve();
    await Promise.all([first, second]);
    expect(server.batches.map(({ rows }) => rows.length)).toEqual([2]);
    await run.close();
  });

  test('a full batch is sent at once, and no batch is larger', async () => {
    const run = memoryRun();
    await askAll(run.model(inBatches({ maxRows: 8 })), 20);
    expect(server.batches.map(({ rows }) => rows.length).toSorted((a, b) => b - a)).toEqual([8, 8, 4]);
    await run.close();
  });

  test('answers are stored under the keys of the model inside: the run is finished, and replayed, without batches', async () => {
    const first = await openRun(join(folder, 'run'), { sameModel: true });
    await askAll(first.model(inBatches()), 3);
    await first.close();
    const second = await openRun(join(folder, 'run'), { sameModel: true });
    expect(await askAll(second.model(bare()), 4)).toEqual(replies(4));
    expect(second.stats()).toMatchObject({ calls: 1, replayed: 3 });
    expect(server.steps.filter((step) => step === 'chat')).toHaveLength(1);
    await second.close();
  });

  test('costs half of the price, and what is live costs all of it, in later processes too', async () => {
    const prices = { tiny: { input: 1_000_000, output: 0 } };
    const first = await openRun(join(folder, 'run'), { prices, sameModel: true });
    const { inputTokens: tokens } = (await ask(first.model(inBatches()), 1)).usage;
    expect(first.stats().spending.usd).toBe(tokens * 0.5);
    await ask(first.model(bare()), 2);
    expect(first.stats().spending.usd).toBe(tokens * 1.5);
    await first.close();
    const second = await openRun(join(folder, 'run'), {
      prices: { tiny: { ...prices.tiny, batchDiscount: 0.25 } },
    });
    expect(second.stats().spending).toMatchObject({ calls: 2, usd: tokens * 1.75, unpriced: [] });
    await second.close();
    const unpriced = await openRun(join(folder, 'run'), { readOnly: true });
    expect(unpriced.stats().spending.unpriced).toEqual(['tiny']);
    await unpriced.close();
  });

  test('events tell what was submitted, how far it is, and when it is done', async () => {
    server.pollsUntilDone = 3;
    const events: RunEvent[] = [];
    const run = memoryRun({ onEvent: (event) => events.push(event) });
    await askAll(run.model(inBatches()), 2);
    expect(events.filter(({ type }) => type.startsWith('batch-'))).toMatchObject([
      { type: 'batch-submitted', model: 'tiny', batch: 'batch_2', rows: 2, resumed: false },
      { type: 'batch-done', model: 'tiny', rows: 2, answered: 2, refused: 0, again: 0 },
    ]);
    expect(events.filter(({ type }) => type === 'call-end')).toMatchObject([
      { inBatch: true },
      { inBatch: true },
    ]);
    await run.close();
  });
});

test('answers of another model than before are refused, and not lost: vouched for, they are read from the same batch', async () => {
  let served = 'tiny-2025';
  const live: ChatModel = {
    id: 'tiny',
    server: { address: 'api.openai.com/v1', stable: true },
    generate: async ({ messages }) => ({
      text: `Reply to: ${messages.at(-1)!.content}`,
      finishReason: 'stop',
      usage: { inputTokens: 20, cachedInputTokens: 0, outputTokens: 5 },
      served: { model: served },
    }),
  };
  const { model, batches } = instantBatches(live, 100);
  const first = await openRun(join(folder, 'run'));
  await ask(first.model(model), 1);
  await first.close();
  served = 'tiny-2026';
  const second = await openRun(join(folder, 'run'));
  const refused = await Promise.allSettled([ask(second.model(model), 2), ask(second.model(model), 3)]);
  expect(refused).toMatchObject([{ reason: { code: 'run-conflict' } }, { reason: { code: 'run-conflict' } }]);
  await second.close();
  const third = await openRun(join(folder, 'run'), { sameModel: true });
  const texts = [2, 3].map(async (number) => (await ask(third.model(model), number)).text);
  expect(await Promise.all(texts)).toEqual(['Reply to: Question 2', 'Reply to: Question 3']);
  expect(batches.map((rows) => rows.length)).toEqual([1, 2]);
  await third.close();
});

describe('a budget', () => {
  test('holds calls back until a batch is back, and ends the work if it has room for none', async () => {
    // A call reserves 1,000 tokens of output and some of input, and uses 25.
    const run = memoryRun({ budget: { tokens: 3_200 } });
    const model = run.model(inBatches());
    const call = (number: number, maxOutputTokens = 1_000) =>
      model.generate(
        { messages: [{ role: 'user', content: `Question ${number}` }], maxOutputTokens },
        { place: { task: 'test', subject: String(number), role: 'asker' } },
      );
    await Promise.all([1, 2, 3, 4, 5].map((number) => call(number)));
    expect(server.batches.map(({ rows }) => rows.length)).toEqual([3, 2]);
    await expect(call(6, 4_000)).rejects.toMatchObject({ code: 'budget-exceeded' });
    await run.close();
  });
});

describe('outside a run', () => {
  test('the same call twice is two rows of a batch', async () => {
    const model = inBatches();
    await Promise.all([ask(model, 1), ask(model, 1)]);
    expect(server.batches.map(({ rows }) => rows.length)).toEqual([2]);
  });

  test('a model without a batch API is refused, and so are unknown options', () => {
    const other: ChatModel = { id: 'other', generate: () => Promise.reject(new Error('not called')) };
    expect(() => batched(other)).toThrow(/expected a model of openai\(\) or openaiCompatible\(\)/);
    expect(() => batched(bare(), { pollSeconds: 3 } as object)).toThrow(/no option "pollSeconds"/);
  });
});

describe('rows', () => {
  test.each([
    ['expired', () => ({ code: 'batch_expired', message: 'This request could not be executed in time.' })],
    ['failed with 429', () => ({ status_code: 429, body: apiError('rate_limit', 'Slow down.') })],
    ['failed with 500', () => ({ status_code: 500, body: apiError('server_error', 'Oops.') })],
    ['left out', () => null],
    ['empty of choices', () => ({ status_code: 200, body: {} })],
  ])('that are %s are sent again, and only they', async (_what, fail) => {
    const answer = server.outcome;
    server.end = (batch) => (batch === server.batches[0] ? 'expired' : 'completed');
    server.outcome = (row, batch) =>
      batch === server.batches[0] && row.body.messages[0]!.content.endsWith('3')
        ? fail()
        : answer(row, batch);
    const run = memoryRun();
    expect(await askAll(run.model(inBatches()), 5)).toEqual(replies(5));
    expect(server.batches.map(({ rows }) => rows.length)).toEqual([5, 1]);
    await run.close();
  });

  test('that never succeed fail with the last error, after the retries, and the others do not', async () => {
    const answer = server.outcome;
    server.outcome = (row, batch) =>
      row.body.messages[0]!.content.endsWith('1')
        ? { status_code: 500, body: apiError('server_error', 'Oops.') }
        : answer(row, batch);
    const run = memoryRun();
    const model = run.model(inBatches({ retries: 2 }));
    const [good, bad] = await Promise.allSettled([ask(model, 0), ask(model, 1)]);
    expect(good).toMatchObject({ status: 'fulfilled' });
    expect(bad).toMatchObject({ reason: { message: expect.stringContaining('500 Oops'), status: 500 } });
    expect(server.batches.map(({ rows }) => rows.length)).toEqual([2, 1, 1]);
    await run.close();
  });

  test('that are refused fail at once, and a filtered prompt is an outcome', async () => {
    server.outcome = ({ body }) =>
      body.messages[0]!.content.endsWith('1')
        ? { status_code: 400, body: apiError('context_length_exceeded', 'Too long.') }
        : { status_code: 400, body: apiError('content_filter', 'Filtered.') };
    const events: RunEvent[] = [];
    const run = memoryRun({ onEvent: (event) => events.push(event) });
    const model = run.model(inBatches());
    const [refused, filtered] = await Promise.allSettled([ask(model, 1), ask(model, 2)]);
    expect(refused).toMatchObject({ reason: { status: 400, retryable: false } });
    expect(filtered).toMatchObject({ value: { finishReason: 'content-filter', text: '' } });
    expect(events.find(({ type }) => type === 'batch-done')).toMatchObject({
      answered: 1,
      refused: 1,
      again: 0,
    });
    expect(server.batches).toHaveLength(1);
    await run.close();
  });

  test('garbage, unknown ids, and second lines for an id do no harm', async () => {
    server.output = ([first, ...rest]) => [
      'not JSON',
      '{"custom_id": 7}',
      JSON.stringify({ custom_id: 'nobody', response: { status_code: 200, body: completion('stray') } }),
      first!,
      first!.replace('Reply to', 'Another'),
      '[[[[',
      '',
      ...rest,
    ];
    const run = memoryRun();
    expect(await askAll(run.model(inBatches()), 3)).toEqual(replies(3));
    await run.close();
  });
});

describe('a batch', () => {
  test('that fails its validation is an error that ends the run and says why', async () => {
    server.refuse = () => ({ code: 'model_not_found', message: 'tiny does not support batches.', line: 1 });
    const run = memoryRun();
    const model = run.model(inBatches());
    await expect(ask(model, 1)).rejects.toMatchObject({
      code: 'batch-failed',
      message: expect.stringMatching(
        /refused the batch batch_2: model_not_found: tiny does not.* \(line 1 of its file\)/,
      ),
    });
    expect(run.stats().spending.calls).toBe(0);
    await run.close();
  });

  test('that is too much for the queue of the account is cut until it fits', async () => {
    const unfinished = () =>
      server.batches.filter(({ status }) => ['validating', 'in_progress'].includes(status));
    server.refuse = (rows) =>
      unfinished().reduce((sum, batch) => sum + batch.rows.length, rows.length) > 7
        ? { code: 'token_limit_exceeded', message: 'Enqueued token limit reached.', line: null }
        : null;
    const run = memoryRun();
    expect(await askAll(run.model(inBatches()), 20)).toEqual(replies(20));
    expect([...server.answered.values()].every((times) => times === 1)).toBe(true);
    await run.close();
  });

  test('of one row that the queue has no room for is an error', async () => {
    server.refuse = () => ({
      code: 'token_limit_exceeded',
      message: 'Enqueued token limit reached.',
      line: null,
    });
    const run = memoryRun();
    await expect(askAll(run.model(inBatches()), 4)).rejects.toThrow(
      /token_limit_exceeded.*Wait until other batches/s,
    );
    await run.close();
  });

  test('that was cancelled keeps its answers, and the rest is an error; the next run sends the rest', async () => {
    const answer = server.outcome;
    server.end = (batch) => (batch === server.batches[0] ? 'cancelled' : 'completed');
    server.outcome = (row, batch) =>
      batch === server.batches[0] && !row.body.messages[0]!.content.endsWith('0')
        ? { code: 'batch_cancelled', message: 'The batch was cancelled.' }
        : answer(row, batch);
    const first = await openRun(join(folder, 'run'), { sameModel: true });
    const model = first.model(inBatches());
    const outcomes = await Promise.allSettled([ask(model, 0), ask(model, 1), ask(model, 2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'batch-failed' } });
    await first.close();
    const second = await openRun(join(folder, 'run'), { sameModel: true });
    expect(await askAll(second.model(inBatches()), 3)).toEqual(replies(3));
    expect(server.batches.map(({ rows }) => rows.length)).toEqual([3, 2]);
    await second.close();
  });

  test('can be cancelled through the provider; one that has ended is left as it is', async () => {
    server.pollsUntilDone = Number.POSITIVE_INFINITY;
    const provider = openaiBatches(bare());
    const handle = await provider.submit('key-1', [
      { id: 'a', request: { messages: [{ role: 'user', content: 'Hi' }] } },
    ]);
    expect(await provider.find('key-1')).toEqual(handle);
    expect(await provider.find('key-2')).toBeNull();
    await provider.cancel(handle);
    expect(await provider.poll(handle)).toMatchObject({ state: 'cancelled' });
    await provider.cancel(handle);
    await expect(provider.cancel({ id: 'batch_unknown' })).rejects.toMatchObject({ status: 404 });
  });
});

describe('a server that', () => {
  test.each(['upload', 'create', 'poll', 'content'] as const)(
    'fails three times with 429, 500 and garbage at %s is asked again, and nothing is paid for twice',
    async (failing) => {
      let failures = 0;
      server.before = (step, response) => {
        if (step !== failing || failures === 3) return false;
        failures += 1;
        if (failures === 1)
          json(response.setHeader('retry-after', '0'), 429, apiError('rate_limit', 'Slow down.'));
        else if (failures === 2) json(response, 500, apiError('server_error', 'Oops.'));
        else response.end('<html>One moment, please.</html>');
        return true;
      };
      const events: RunEvent[] = [];
      const run = memoryRun({ onEvent: (event) => events.push(event) });
      expect(await askAll(run.model(inBatches()), 5)).toEqual(replies(5));
      expect(events.filter(({ type }) => type === 'batch-retry')).toHaveLength(3);
      expect(server.batches).toHaveLength(1);
      await run.close();
    },
  );

  test.each([
    ['an id that points elsewhere', { id: '..', status: 'validating' }],
    ['an id with control characters', { id: 'batch\u001b[2J', status: 'validating' }],
    ['something else', { ok: true }],
  ])('answers with %s is not asked again', async (_what, body) => {
    server.before = (step, response) => {
      if (step === 'create') json(response, 200, body);
      return step === 'create';
    };
    const run = memoryRun();
    await expect(ask(run.model(inBatches()), 1)).rejects.toThrow(
      /unexpected response to POST \/batches \(id: /,
    );
    expect(server.steps).toEqual(['upload', 'create']);
    await run.close();
  });

  test('repeats the key in its errors does not get it into ours', async () => {
    server.refuse = () => ({
      code: 'bad',
      message: 'The key sk-batch-test-key-0001 may not do that.',
      line: null,
    });
    const run = memoryRun();
    const failed = await ask(run.model(inBatches()), 1).catch((error: Error) => error);
    expect(String(failed)).toMatch(/refused the batch .*: bad: The key .* may not do that/);
    expect(String(failed)).not.toContain('sk-batch-test');
    await run.close();
  });

  test('creates a batch and loses the answer does not get it a second time', async () => {
    let lost = 0;
    server.after = (step, response) => {
      if (step !== 'create' || lost++ > 0) return false;
      response.destroy();
      return true;
    };
    const run = memoryRun();
    expect(await askAll(run.model(inBatches()), 5)).toEqual(replies(5));
    expect(server.batches).toHaveLength(1);
    await run.close();
  });

  test('breaks off the output in the middle is read again', async () => {
    let broken = 0;
    server.before = (step, response) => {
      if (step !== 'content' || broken++ > 0) return false;
      const content = [...server.files.values()].at(-1)!.content.toString();
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.slice(0, content.length / 2), () => response.destroy());
      return true;
    };
    const run = memoryRun();
    expect(await askAll(run.model(inBatches()), 50)).toEqual(replies(50));
    expect(server.steps.filter((step) => step === 'content')).toHaveLength(2);
    await run.close();
  });

  test('has no batch API is an error that says so', async () => {
    server.before = (_step, response) => {
      json(response, 404, apiError('unknown_url', 'Unknown request URL.'));
      return true;
    };
    const run = memoryRun();
    await expect(ask(run.model(inBatches()), 1)).rejects.toThrow(
      /has no batch API \(404 for \/files\)\. Use the model without batched/,
    );
    await run.close();
  });

  test('cannot be reached is given up before the first look at a batch', async () => {
    const unreachable = () =>
      Promise.reject(
        new ModelCallError('tiny', 'the server cannot be reached.', { retryable: true, retryAfterMs: 0 }),
      );
    const provider = { ...openaiBatches(bare()), submit: unreachable, find: unreachable };
    const run = memoryRun();
    const model = run.model(inBatches({ provider, pollMs: 86_400_000 }));
    await expect(ask(model, 1)).rejects.toThrow('the server cannot be reached');
    await run.close();
  });

  test('refuses the key is asked once', async () => {
    server.before = (_step, response) => {
      json(response, 401, apiError('invalid_api_key', 'Incorrect API key.'));
      return true;
    };
    const run = memoryRun();
    await expect(ask(run.model(inBatches()), 1)).rejects.toMatchObject({ status: 401 });
    expect(server.steps).toEqual(['upload']);
    await run.close();
  });
});

describe('an abort', () => {
  async function submitted(
    run: Run,
    model: ChatModel,
    signal: AbortSignal,
  ): Promise<PromiseSettledResult<unknown>[]> {
    const calls = Array.from({ length: 3 }, (_, number) => ask(run.model(model), number, signal));
    return Promise.allSettled(calls);
  }

  test('leaves a submitted batch running and says so; the next run takes it up and pays for nothing', async () => {
    server.pollsUntilDone = Number.POSITIVE_INFINITY;
    const events: RunEvent[] = [];
    const controller = new AbortController();
    const run = await openRun(join(folder, 'run'), {
      onEvent: (event) => {
        events.push(event);
        if (event.type === 'batch-submitted') controller.abort(new Error('stopped'));
      },
    });
    const outcomes = await submitted(run, inBatches(), controller.signal);
    expect(outcomes.map((outcome) => (outcome as PromiseRejectedResult).reason.message)).toEqual(
      Array(3).fill('stopped'),
    );
    await run.close();
    expect(events).toContainEqual({ type: 'batch-left', model: 'tiny', batch: 'batch_2', rows: 3 });
    expect(server.steps).not.toContain('cancel');
    server.pollsUntilDone = 1;
    const next = await openRun(join(folder, 'run'), { onEvent: (event) => events.push(event) });
    expect(await askAll(next.model(inBatches()), 4)).toEqual(replies(4));
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'batch-submitted', rows: 3, resumed: true }),
    );
    expect(server.batches.map(({ rows }) => rows.length)).toEqual([3, 1]);
    await next.close();
  });

  test('before a batch is submitted submits none', async () => {
    const controller = new AbortController();
    const run = memoryRun();
    const calls = submitted(run, inBatches({ quietMs: 60_000 }), controller.signal);
    setTimeout(() => controller.abort(new Error('stopped')), 20);
    await calls;
    await run.close();
    expect(server.steps).toEqual([]);
  });

  test('during the upload creates no batch', async () => {
    const controller = new AbortController();
    const run = await openRun(join(folder, 'run'));
    server.before = (step) => {
      if (step === 'upload') controller.abort(new Error('stopped'));
      return step === 'upload';
    };
    await submitted(run, inBatches(), controller.signal);
    await run.close();
    expect(server.steps).toEqual(['upload']);
  });

  test('of some calls leaves the others to the batch', async () => {
    const controller = new AbortController();
    const events: RunEvent[] = [];
    const run = memoryRun({
      onEvent: (event) => {
        events.push(event);
        if (event.type === 'batch-submitted') controller.abort(new Error('stopped'));
      },
    });
    const model = run.model(inBatches());
    const [stopped, other] = await Promise.allSettled([ask(model, 1, controller.signal), ask(model, 2)]);
    expect(stopped).toMatchObject({ reason: { message: 'stopped' } });
    expect(other).toMatchObject({ value: { text: 'Reply to: Question 2' } });
    expect(events.map(({ type }) => type)).not.toContain('batch-left');
    await run.close();
  });

  test('closing the run leaves the batch as well', async () => {
    server.pollsUntilDone = Number.POSITIVE_INFINITY;
    const taken = Promise.withResolvers<void>();
    const run = await openRun(join(folder, 'run'), {
      onEvent: ({ type }) => type === 'batch-submitted' && taken.resolve(),
    });
    const call = ask(run.model(inBatches()), 1);
    const closed = expect(call).rejects.toThrow(/The run is closed/);
    await taken.promise;
    await run.close();
    await closed;
    await expect(ask(run.model(inBatches()), 2)).rejects.toThrow(/The run is closed/);
  });
});
