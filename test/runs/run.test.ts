import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  BudgetExceededError,
  InvalidFileError,
  InvalidOptionError,
  ModelCallError,
  RunConflictError,
  RunStorageError,
} from '../../src/errors.ts';
import type { ChatModel } from '../../src/models/chat-model.ts';
import type { CallPlace } from '../../src/models/place.ts';
import { retry } from '../../src/models/retry.ts';
import { trackProgress } from '../../src/progress/progress.ts';
import type { RunEvent } from '../../src/runs/events.ts';
import { memoryRun, openRun, type Run } from '../../src/runs/run.ts';
import { chatModelConformance } from '../../src/testing/chat-model-conformance.ts';
import { embedderConformance } from '../../src/testing/embedder-conformance.ts';
import { fakeEmbedder } from '../../src/testing/fake-embedder.ts';
import { type Script, scriptedModel } from '../../src/testing/scripted-model.ts';

let folder: string;
let dir: string;
const opened: Run[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-run-'));
  dir = join(folder, 'runs', 'first');
});
afterEach(async () => {
  for (const run of opened.splice(0)) await run.close();
  await rm(folder, { recursive: true });
});

async function open(...args: Parameters<typeof openRun>): Promise<Run> {
  const run = await openRun(...args);
  opened.push(run);
  return run;
}

const placeOf = (subject: string | number): CallPlace => ({
  task: 'test',
  subject: String(subject),
  role: 'speaker',
});
const ask = (model: ChatModel, subject: string | number, signal?: AbortSignal, maxOutputTokens?: number) =>
  model.generate(
    { messages: [{ role: 'user', content: `Hello ${subject}` }], maxOutputTokens },
    { place: placeOf(subject), signal },
  );
const echo: Script = ({ messages }) => `re: ${messages[0]!.content}`;
const busy = new ModelCallError('m', 'busy.', { status: 429, retryable: true, retryAfterMs: 0 });

describe.each([
  ...chatModelConformance(() =>
    memoryRun().model(
      scriptedModel(({ outputSchema }) => (outputSchema === undefined ? 'Fine.' : '{"mood":"good"}')),
    ),
  ),
  ...embedderConformance(() => memoryRun().embedder(fakeEmbedder())),
])('what a run wraps keeps its contract', ({ name, run }) => {
  test(name, run);
});

describe('openRun', () => {
  test('makes the directory with a header and a journal', async () => {
    const run = await open(dir, { seed: 7 });
    expect(run).toMatchObject({ dir, seed: 7 });
    expect(JSON.parse(await readFile(join(dir, 'run.json'), 'utf8'))).toEqual({
      schema: 'aloe-run/2',
      seed: 7,
      servers: {},
      reported: {},
    });
    expect(await readdir(dir)).toContain('journal.sqlite');
  });

  test('a second time on the same directory makes no call at all', async () => {
    const texts = [];
    for (const process of ['first', 'second']) {
      const model = scriptedModel(echo);
      const embedder = fakeEmbedder();
      const run = await open(dir, { seed: 7 });
      const answers = await Promise.all([1, 2, 3, 1].map((subject) => ask(run.model(model), subject)));
      const vectors = await run.embedder(embedder).embed(['a', 'b']);
      texts.push({ answers, vectors });
      await run.close();
      expect(model.calls.length + embedder.embedded).toBe(process === 'first' ? 5 : 0);
    }
    expect(texts[1]).toEqual(texts[0]);
  });

  test('continues with its own seed when none is given, and 0 for a new run', async () => {
    await (await open(dir, { seed: 7 })).close();
    expect((await open(dir)).seed).toBe(7);
    expect((await open(join(folder, 'other'))).seed).toBe(0);
  });

  test('refuses another seed and says what to do', async () => {
    await (await open(dir, { seed: 7 })).close();
    await expect(openRun(dir, { seed: 8 })).rejects.toThrow(RunConflictError);
    await expect(openRun(dir, { seed: 8 })).rejects.toThrow(/seed 7, not 8\. Leave out the seed/);
  });

  test.each([
    ['', /run\.json: is not JSON/],
    ['no JSON', /run\.json: is not JSON/],
    ['null', /run\.json: is not the header of a run/],
    ['{"schema":"other/1","seed":1}', /run\.json: is not the header of a run: .*expected "aloe-run\/2"/],
    ['{"schema":"aloe-run/2","servers":{}}', /run\.json: is not the header of a run: .*seed/],
    ['{"schema":"aloe-run/2","seed":1.5,"servers":{}}', /run\.json: is not the header of a run: .*seed/],
    ['{"schema":"aloe-run/2","seed":1}', /run\.json: is not the header of a run: .*servers/],
  ])('refuses a damaged header: %s', async (content, message) => {
    await (await open(dir)).close();
    await writeFile(join(dir, 'run.json'), content);
    await expect(openRun(dir)).rejects.toThrow(InvalidFileError);
    await expect(openRun(dir)).rejects.toThrow(message);
  });

  test('refuses a journal without its header, whose seed nobody knows', async () => {
    await (await open(dir, { seed: 7 })).close();
    await rm(join(dir, 'run.json'));
    await expect(openRun(dir, { seed: 8 })).rejects.toThrow(InvalidFileError);
    await expect(openRun(dir)).rejects.toThrow(/run\.json: is missing beside journal\.sqlite/);
  });

  test.each([
    ['empty', (path: string) => writeFile(path, '')],
    ['gone', (path: string) => rm(path)],
  ])(
    'refuses a journal that is %s after models have answered, which would all be asked again',
    async (_how, lose) => {
      const header = { schema: 'aloe-run/2', seed: 7, servers: { m: 'http://127.0.0.1' } };
      await (await open(dir, { seed: 7 })).close();
      await lose(join(dir, 'journal.sqlite'));
      await writeFile(join(dir, 'run.json'), JSON.stringify({ ...header, reported: { m: ['m-2026'] } }));
      await expect(openRun(dir)).rejects.toThrow(InvalidFileError);
      await expect(openRun(dir)).rejects.toThrow(/journal\.sqlite: is missing or empty, but run\.json says/);
      await writeFile(join(dir, 'run.json'), JSON.stringify(header));
      expect((await open(dir)).seed).toBe(7);
    },
  );

  test('reads a header that an editor saved with a byte order mark', async () => {
    await (await open(dir, { seed: 7 })).close();
    await writeFile(join(dir, 'run.json'), '\uFEFF{"schema":"aloe-run/2","seed":7,"servers":{}}');
    expect((await open(dir)).seed).toBe(7);
  });

  test('refuses a header that is a directory', async () => {
    await mkdir(join(dir, 'run.json'), { recursive: true });
    await expect(openRun(dir)).rejects.toThrow(RunStorageError);
    await expect(openRun(dir)).rejects.toThrow(/run\.json is not a file/);
  });

  test('refuses the directory of a newer version, whether header or journal tell it', async () => {
    await (await open(dir)).close();
    await writeFile(join(dir, 'run.json'), '{"schema": "aloe-run/3", "seeds": []}');
    await expect(openRun(dir)).rejects.toThrow(RunConflictError);
    const other = join(folder, 'other');
    await (await open(other)).close();
    const database = new DatabaseSync(join(other, 'journal.sqlite'));
    database.exec('PRAGMA user_version = 2');
    database.close();
    await expect(openRun(other)).rejects.toThrow(RunConflictError);
  });

  test('refuses a path that is or leads through a file', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(openRun(file)).rejects.toThrow(RunStorageError);
    await expect(openRun(join(file, 'run'))).rejects.toThrow(RunStorageError);
  });

  test.each([
    ['seed', { seed: -1 }],
    ['seed', { seed: 1.5 }],
    ['concurrency', { concurrency: 0 }],
    ['concurrency', { concurrency: Number.POSITIVE_INFINITY }],
    ['retries', { retry: { retries: -1 } }],
  ])('refuses a bad %s before it makes anything', async (option, options) => {
    await expect(openRun(dir, options)).rejects.toThrow(InvalidOptionError);
    await expect(openRun(dir, options)).rejects.toThrow(`"${option}"`);
    expect(await readdir(folder)).toEqual([]);
    expect(() => memoryRun(options)).toThrow(InvalidOptionError);
  });
});

describe('memoryRun', () => {
  test('has seed 0 and no directory, and replays within itself', async () => {
    const run = memoryRun();
    expect(run).toMatchObject({ dir: null, seed: 0 });
    const model = scriptedModel(echo);
    await ask(run.model(model), 'a');
    await ask(run.model(model), 'a');
    expect(model.calls).toHaveLength(1);
    await ask(memoryRun().model(model), 'a');
    expect(model.calls).toHaveLength(2);
  });
});

describe('wrapping', () => {
  test('a model or an embedder is wrapped once, however often it is handed over', async () => {
    const run = memoryRun();
    const [model, embedder] = [scriptedModel(echo), fakeEmbedder()];
    expect(run.model(model)).toBe(run.model(model));
    expect(run.model(run.model(model))).toBe(run.model(model));
    expect(run.embedder(run.embedder(embedder))).toBe(run.embedder(embedder));
    expect(run.model(scriptedModel(echo))).not.toBe(run.model(model));
    await ask(run.model(run.model(model)), 'a');
    await run.embedder(run.embedder(embedder)).embed(['a']);
    expect(run.stats()).toMatchObject({ calls: 1, replayed: 0, embedded: 1 });
  });
});

describe('a model with the run around it, wrapped and handed over again', () => {
  test('is refused, since its calls would wait for themselves', async () => {
    const run = memoryRun();
    const inner = run.model(scriptedModel(echo));
    const wrapped: ChatModel = {
      id: inner.id,
      generate: (request, options) => inner.generate(request, options),
    };
    await expect(ask(run.model(retry(inner)), 1)).rejects.toThrow('a model without this run around it');
    await expect(ask(run.model(wrapped), 1)).rejects.toThrow('a model without this run around it');
    expect((await ask(inner, 1)).text).toBe('re: Hello 1');
    await run.close();
  });
});

describe('seeds', () => {
  test('depend on the run’s seed and the place, not on what happened before', async () => {
    const run = memoryRun({ seed: 7 });
    const seed = run.seedFor(placeOf('a'));
    await ask(run.model(scriptedModel(echo)), 'b');
    expect(run.seedFor({ ...placeOf('a'), turn: 0, sample: 0 })).toBe(seed);
    expect(memoryRun({ seed: 7 }).seedFor(placeOf('a'))).toBe(seed);
    const others = [
      memoryRun({ seed: 8 }).seedFor(placeOf('a')),
      run.seedFor(placeOf('b')),
      run.seedFor({ ...placeOf('a'), sample: 1 }),
    ];
    expect(others).not.toContain(seed);
  });
});

describe('calls in flight', () => {
  test('never exceed the limit, which all models of the run share', async () => {
    let inFlight = 0;
    let most = 0;
    const slow: Script = async () => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      return 'hi';
    };
    const run = memoryRun({ concurrency: 3 });
    const models = ['a', 'b'].map((id) => run.model(scriptedModel(slow, { id })));
    await Promise.all(Array.from({ length: 40 }, (_, index) => ask(models[index % 2]!, index)));
    expect(most).toBe(3);
  });

  test('a call that waits for its turn leaves at once when it is aborted, and is never sent', async () => {
    const never = scriptedModel(
      (_request, { signal }) =>
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    );
    const model = memoryRun({ concurrency: 1 }).model(never);
    const [holder, waiter] = [new AbortController(), new AbortController()];
    const held = ask(model, 'a', holder.signal);
    const waiting = ask(model, 'b', waiter.signal);
    waiting.catch(() => {});
    held.catch(() => {});
    await vi.waitFor(() => expect(never.calls).toHaveLength(1), { timeout: 60_000 });
    const reason = new Error('enough');
    waiter.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    holder.abort(reason);
    await expect(held).rejects.toBe(reason);
    expect(never.calls).toHaveLength(1);
  });
});

describe('events and totals', () => {
  const usage = { inputTokens: 10, cachedInputTokens: 4, outputTokens: 3 };

  test('tell calls, retries and replays with their place and what they cost', async () => {
    const events: RunEvent[] = [];
    const run = memoryRun({ onEvent: (event) => events.push(event) });
    const model = run.model(scriptedModel([busy, { text: 'hi', usage }]));
    await ask(model, 'a');
    await ask(model, 'a');
    const about = { model: 'scripted', place: placeOf('a') };
    expect(events).toEqual([
      { type: 'call-start', ...about },
      { type: 'call-retry', ...about, error: busy, waitMs: 0 },
      { type: 'call-end', ...about, replayed: false, usage, durationMs: expect.any(Number) },
      { type: 'call-end', ...about, replayed: true, usage, durationMs: 0 },
    ]);
    expect(run.stats()).toMatchObject({ calls: 1, replayed: 1, embedded: 0, usage, inFlight: 0 });
  });

  test('tell of a pause that a successful answer asks for', async () => {
    const events: RunEvent[] = [];
    const run = memoryRun({ onEvent: (event) => events.push(event) });
    const requests = { limit: 60, remaining: 0, resetMs: 1_200_000 };
    const model = run.model(scriptedModel({ text: 'hi', rateLimit: { requests } }));
    await ask(model, 'a');
    const controller = new AbortController();
    const waiting = ask(model, 'b', controller.signal);
    await vi.waitFor(() => expect(events.at(-1)?.type).toBe('calls-paused'));
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(events).toContainEqual({
      type: 'calls-paused',
      model: 'scripted',
      waitMs: 60_000,
      requestedMs: 1_200_000,
    });
  });

  test('tell a call that failed for good from one that was aborted', async () => {
    const events: RunEvent[] = [];
    const run = memoryRun({ retry: { retries: 1 }, onEvent: (event) => events.push(event) });
    await expect(ask(run.model(scriptedModel(busy)), 'a')).rejects.toBe(busy);
    expect(events.map(({ type }) => type)).toEqual(['call-start', 'call-retry', 'call-error']);
    events.length = 0;
    const controller = new AbortController();
    const aborting = {
      ...scriptedModel(() => {
        controller.abort(new Error('enough'));
        return new Error('cut off');
      }),
      free: true,
    };
    await expect(ask(run.model(aborting), 'b', controller.signal)).rejects.toThrow('enough');
    expect(events.map(({ type }) => type)).toEqual(['call-start', 'call-abort']);
    expect(run.stats().calls).toBe(0);
  });

  test.each([
    ['to be sent again', { status: 503, retryable: true, retryAfterMs: 60_000 }],
    ['for a server that asked for a pause', { status: 429, retryable: true, retryAfterMs: 60_000 }],
  ])('tell the end of a call that is aborted while it waits %s', async (_, failure) => {
    const track = trackProgress();
    const inFlight: number[] = [];
    const run = memoryRun({ onEvent: (event) => inFlight.push(track(event).inFlight) });
    const model = run.model(scriptedModel(new ModelCallError('m', 'no.', failure)));
    const controller = new AbortController();
    const reason = new Error('enough');
    const calls = [1, 2, 3].map((subject) => ask(model, subject, controller.signal));
    await vi.waitFor(() => expect(inFlight.length).toBeGreaterThanOrEqual(4), { timeout: 60_000 });
    expect(inFlight.at(-1)).toBe(3);
    controller.abort(reason);
    for (const call of calls) await expect(call).rejects.toBe(reason);
    await run.close();
    expect(inFlight.at(-1)).toBe(0);
  });

  test('add up the tokens of what was sent', async () => {
    const run = memoryRun();
    const model = run.model(scriptedModel({ text: 'hi', usage }));
    await Promise.all([1, 2, 3].map((subject) => ask(model, subject)));
    expect(run.stats()).toMatchObject({
      calls: 3,
      usage: { inputTokens: 30, cachedInputTokens: 12, outputTokens: 9 },
    });
  });
});

describe('embeddings', () => {
  test('are made once for each text and embedder', async () => {
    const run = await open(dir);
    const embedder = fakeEmbedder();
    const wrapped = run.embedder(embedder);
    expect(wrapped).toMatchObject({ id: embedder.id, dimensions: embedder.dimensions });
    const [a] = await wrapped.embed(['night shift']);
    const again = await wrapped.embed(['bread', 'night shift', 'bees']);
    expect(again).toEqual(await fakeEmbedder().embed(['bread', 'night shift', 'bees']));
    expect(again[1]).toEqual(a);
    expect(embedder.embedded).toBe(3);
    expect(run.stats().embedded).toBe(3);
    const other = fakeEmbedder({ dimensions: 8 });
    expect((await run.embedder(other).embed(['bread']))[0]).toHaveLength(8);
    expect(other.embedded).toBe(1);
  });
});

describe('close', () => {
  test('ends the run: later calls are refused before anything is sent', async () => {
    const run = await open(dir);
    const model = scriptedModel(echo);
    await run.close();
    await run.close();
    await expect(ask(run.model(model), 'a')).rejects.toThrow(RunStorageError);
    expect(model.calls).toHaveLength(0);
  });

  test('lets calls that are under way finish, so that what was paid for is kept', async () => {
    const run = await open(dir);
    let answer = (_text: string): void => {};
    const slow = scriptedModel(() => new Promise<string>((resolve) => (answer = resolve)));
    const stopping = new AbortController();
    const call = ask(run.model(slow), 'a', stopping.signal);
    await vi.waitFor(() => expect(slow.calls).toHaveLength(1), { timeout: 60_000 });
    const reason = new Error('Ctrl-C');
    stopping.abort(reason);
    await expect(call).rejects.toBe(reason);
    const closed = run.close();
    answer('late but paid for');
    await closed;

    const again = await open(dir);
    const unused = scriptedModel('another answer');
    expect((await ask(again.model(unused), 'a')).text).toBe('late but paid for');
    expect(unused.calls).toHaveLength(0);
  });

  test('ends a free call at once', async () => {
    const run = await open(dir);
    let seen: AbortSignal | undefined;
    const free: ChatModel = {
      id: 'in-process',
      free: true,
      generate: (_request, { signal } = {}) =>
        new Promise((_resolve, reject) => {
          seen = signal;
          signal?.addEventListener('abort', () => reject(signal.reason));
        }),
    };
    const stopping = new AbortController();
    const call = ask(run.model(free), 'a', stopping.signal);
    await vi.waitFor(() => expect(seen).toBeDefined(), { timeout: 60_000 });
    stopping.abort(new Error('Ctrl-C'));
    await expect(call).rejects.toThrow('Ctrl-C');
    await run.close();
    expect(seen?.aborted).toBe(true);
  });
});

describe('the lock', () => {
  test('refuses a second opening and names the holder, until the first is closed', async () => {
    const run = await open(dir);
    await expect(openRun(dir)).rejects.toThrow(/in use by this process/);
    await run.close();
    await expect(open(dir)).resolves.toMatchObject({ dir });
  });

  test('names a holder in another process, and is free again when that one was killed', async () => {
    const holder = spawn(
      process.execPath,
      [fileURLToPath(new URL('./fixtures/hold-run.ts', import.meta.url)), dir],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(holder.stdout, 'data');
    await expect(openRun(dir)).rejects.toThrow(new RegExp(`process ${holder.pid} on `));
    const ended = once(holder, 'exit');
    holder.kill('SIGKILL');
    await ended;
    await expect(open(dir)).resolves.toMatchObject({ dir });
  });
});

describe('the budget', () => {
  const usage = { inputTokens: 600, cachedInputTokens: 200, outputTokens: 100 };
  const prices = { scripted: { input: 2, cachedInput: 1, output: 10 } };

  test('is a hard stop that keeps what was paid for, over resumes too', async () => {
    const budget = { tokens: 1_500 };
    const first = await open(dir, { budget });
    const model = scriptedModel({ text: 'hi', usage });
    await ask(first.model(model), 'a', undefined, 50);
    await ask(first.model(model), 'b', undefined, 50);
    await expect(ask(first.model(model), 'c', undefined, 500)).rejects.toThrow(BudgetExceededError);
    expect(model.calls).toHaveLength(2);
    await first.close();

    const second = await open(dir, { budget });
    expect(second.stats().spending).toMatchObject({ calls: 2, usage: { inputTokens: 1_200 } });
    await expect(ask(second.model(model), 'a', undefined, 50)).resolves.toMatchObject({ text: 'hi' });
    await expect(ask(second.model(model), 'c', undefined, 500)).rejects.toThrow(/1400 of 1500 tokens/);
    expect(model.calls).toHaveLength(2);
  });

  test('counts dollars with cached input apart, and says which models have no price', async () => {
    const run = memoryRun({ prices });
    await ask(run.model(scriptedModel({ text: 'hi', usage })), 'a');
    await ask(run.model(scriptedModel({ text: 'hi', usage }, { id: 'other' })), 'a');
    await ask(run.model({ ...scriptedModel({ text: 'hi', usage }, { id: 'embedded' }), free: true }), 'a');
    const { usd, unpriced } = run.stats().spending;
    expect(usd).toBeCloseTo((400 * 2 + 200 * 1 + 100 * 10) / 1e6, 12);
    expect(unpriced).toEqual(['other']);
  });

  test('in dollars refuses a model without a price as soon as the run is given it', () => {
    const run = memoryRun({ prices, budget: { usd: 1 } });
    const model = scriptedModel('hi', { id: 'other' });
    expect(() => run.model(model)).toThrow(InvalidOptionError);
    expect(run.model({ ...model, free: true }).id).toBe('other');
    expect(model.calls).toHaveLength(0);
  });

  test('in dollars asks for the prices of the models that a composite calls, not for its own', () => {
    const run = memoryRun({ prices, budget: { usd: 1 } });
    const around = (part: ChatModel): ChatModel => ({
      ...part,
      id: 'composite',
      mapModels: (wrap) => ({ ...wrap(part), id: 'composite' }),
    });
    expect(run.model(around(scriptedModel('hi'))).id).toBe('composite');
    expect(() => run.model(around(scriptedModel('hi', { id: 'other' })))).toThrow(/prices\["other"\]/);
  });

  test('is never exceeded by calls side by side', async () => {
    const run = memoryRun({ budget: { tokens: 10_000 }, concurrency: 20 });
    const model = scriptedModel(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return { text: 'hi', usage };
    });
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) => ask(run.model(model), index, undefined, 800)),
    );
    const { usage: spent } = run.stats().spending;
    expect(spent.inputTokens + spent.outputTokens).toBeLessThanOrEqual(10_000);
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(model.calls.length);
    expect(model.calls.length).toBeGreaterThanOrEqual(13);
  });

  test('checks its numbers and the prices', async () => {
    expect(() => memoryRun({ budget: { usd: -1 } })).toThrow(InvalidOptionError);
    expect(() => memoryRun({ prices: { x: { input: Number.NaN, output: 1 } } })).toThrow(/prices\.x\.input/);
  });
});
