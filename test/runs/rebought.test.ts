import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { InvalidOptionError, RunConflictError } from '../../src/errors.ts';
import type { RunEvent } from '../../src/runs/events.ts';
import { JournalReader } from '../../src/runs/journal/journal-reader.ts';
import { memoryRun, openRun, type RunOptions } from '../../src/runs/run.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-rebought-'));
});
afterEach(() => rm(dir, { recursive: true }));

interface Work extends RunOptions {
  readonly id?: string;
  readonly prompt?: string;
  readonly subjects?: readonly number[];
}

/** One process: asks one question about each subject. */
async function work({ id = 'gpt', prompt = 'Hello', subjects = [1, 2, 3], ...options }: Work = {}) {
  const events: RunEvent[] = [];
  const model = scriptedModel('Fine.', { id });
  const run = await openRun(dir, { ...options, onEvent: (event) => events.push(event) });
  try {
    for (const subject of subjects) {
      await run
        .model(model)
        .generate(
          { messages: [{ role: 'user', content: `${prompt} ${subject}` }] },
          { place: { task: 'test', subject: `${subject}`, role: 'speaker' } },
        );
    }
    return { ...run.stats(), sent: model.calls.length, events };
  } finally {
    await run.close();
  }
}

test('a call whose place has another answer is told before it is sent; a new one and a replay are not', async () => {
  expect(await work()).toMatchObject({ sent: 3, rebought: 0 });
  expect(await work({ subjects: [1, 2, 3, 4] })).toMatchObject({ sent: 1, replayed: 3, rebought: 0 });
  const changed = await work({ prompt: 'Bye', subjects: [1, 5] });
  expect(changed).toMatchObject({ sent: 2, calls: 2, rebought: 1 });
  expect(changed.events.map(({ type }) => type)).toEqual([
    'call-rebought',
    'call-start',
    'call-end',
    'call-start',
    'call-end',
  ]);
  expect(changed.events[0]).toEqual({
    type: 'call-rebought',
    model: 'gpt',
    earlierModel: 'gpt',
    place: { task: 'test', subject: '1', role: 'speaker' },
  });
});

test('a replay asks the journal nothing but the answer', async () => {
  await work();
  const asked = vi.spyOn(JournalReader.prototype, 'earlierModel');
  expect(await work()).toMatchObject({ sent: 0, replayed: 3 });
  expect(asked).not.toHaveBeenCalled();
  await work({ subjects: [1, 4] });
  expect(asked).toHaveBeenCalledOnce();
  asked.mockRestore();
});

test('two calls at one place are nothing new to the process that makes both', async () => {
  expect(await work({ subjects: [1] })).toMatchObject({ rebought: 0 });
  const run = memoryRun();
  const model = run.model(scriptedModel('Fine.'));
  const place = { task: 'test', subject: 'a', role: 'speaker' };
  for (const content of ['Hello', 'Bye'])
    await model.generate({ messages: [{ role: 'user', content }] }, { place });
  expect(run.stats()).toMatchObject({ calls: 2, rebought: 0 });
});

test('calls without a place are never taken for others', async () => {
  const ask = async (content: string) => {
    const run = await openRun(dir, { maxRebought: 0 });
    await run.model(scriptedModel('Fine.')).generate({ messages: [{ role: 'user', content }] });
    await run.close();
  };
  await ask('Hello');
  await expect(ask('Bye')).resolves.toBeUndefined();
});

test('the call beyond the limit is refused before it is sent, and the first one is named', async () => {
  await work();
  const refused = work({ id: 'gpt-2', maxRebought: 1 });
  await expect(refused).rejects.toThrow(RunConflictError);
  await expect(refused).rejects.toThrow(
    `More than 1 call would be bought again, although ${dir} holds answers at their places. The first was "gpt-2" at test/1/0/speaker/0. The answer stored there is of "gpt".`,
  );
  await expect(refused).rejects.toMatchObject({
    hint: expect.stringMatching(/Undo the change.*maxRebought/),
  });
  // The first was within the limit and is kept.
  expect(await work({ id: 'gpt-2', maxRebought: 2 })).toMatchObject({ sent: 2, replayed: 1, rebought: 2 });
});

test('a call that fails was not bought, and does not use up the limit', async () => {
  await work({ subjects: [1] });
  const run = await openRun(dir, { maxRebought: 1 });
  const model = run.model(scriptedModel([new Error('lost'), new Error('lost'), 'Fine.'], { id: 'gpt' }));
  const ask = () =>
    model.generate(
      { messages: [{ role: 'user', content: 'Bye' }] },
      { place: { task: 'test', subject: '1', role: 'speaker' } },
    );
  await expect(ask()).rejects.toThrow('lost');
  await expect(ask()).rejects.toThrow('lost');
  expect((await ask()).text).toBe('Fine.');
  expect(run.stats()).toMatchObject({ calls: 1, rebought: 1 });
  await run.close();
});

test('a limit of 0 stops at the first, and lets everything else through', async () => {
  await work();
  await expect(work({ prompt: 'Bye', maxRebought: 0 })).rejects.toThrow(
    /More than 0 calls would be bought again, .*\. The first was "gpt" at test\/1\/0\/speaker\/0\. The answer stored there is to another prompt/,
  );
  expect(await work({ maxRebought: 0, subjects: [1, 2, 3, 4, 5] })).toMatchObject({ sent: 2, replayed: 3 });
});

test.each([-1, 0.5, Infinity])('%s is no limit', async (maxRebought) => {
  await expect(openRun(dir, { maxRebought })).rejects.toThrow(InvalidOptionError);
});
