import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { adaptive } from '../../src/adaptive/adaptive.ts';
import { InvalidFileError, InvalidOptionError, RunConflictError, RunStorageError } from '../../src/errors.ts';
import type { ChatModel } from '../../src/models/chat-model.ts';
import type { RunEvent } from '../../src/runs/events.ts';
import { memoryRun, openRun, type Run, type RunOptions } from '../../src/runs/run.ts';
import { fakeEmbedder } from '../../src/testing/fake-embedder.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';
import { makeReadOnly } from './make-read-only.ts';

const REPLAY = fileURLToPath(new URL('./fixtures/replay-run.ts', import.meta.url));
const CALLS = 30;

let folder: string;
let dir: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-read-only-'));
  dir = join(folder, 'run');
});
afterEach(() => rm(folder, { recursive: true }));

const placeOf = (call: number | string) => ({ task: 'test', subject: String(call), role: 'speaker' });
const ask = async (model: ChatModel, call: number | string) =>
  (await model.generate({ messages: [{ role: 'user', content: `Hello ${call}` }] }, { place: placeOf(call) }))
    .text;

/** Makes the calls, which the run keeps. */
async function record(run: Run, from = 0, to = CALLS): Promise<void> {
  const model = run.model(scriptedModel(({ messages }) => `re: ${messages[0]!.content}`));
  for (let call = from; call < to; call++) await ask(model, call);
}

async function recorded(options: RunOptions = {}): Promise<void> {
  const run = await openRun(dir, options);
  await record(run);
  await run.embedder(fakeEmbedder()).embed(['bees']);
  await run.close();
}

/** Replays all calls, with a model that says something else if it is asked. */
async function replay(options: RunOptions = {}): Promise<string[]> {
  const run = await openRun(dir, options);
  try {
    const model = run.model(scriptedModel('new'));
    return await Promise.all(Array.from({ length: CALLS }, (_, call) => ask(model, call)));
  } finally {
    await run.close();
  }
}

const answers = Array.from({ length: CALLS }, (_, call) => `re: Hello ${call}`);
const listing = () =>
  readdirSync(dir)
    .sort()
    .map((name) => [name, readFileSync(join(dir, name)).toString('base64')]);

describe('a run that is opened read-only', () => {
  test('answers every stored call, sends none, and changes no file', async () => {
    await recorded({ seed: 7 });
    const before = listing();
    const events: RunEvent[] = [];
    const run = await openRun(dir, { readOnly: true, onEvent: (event) => events.push(event) });
    expect(run).toMatchObject({ dir, seed: 7, readOnly: true });
    expect(events).toEqual([{ type: 'run-opened-read-only', dir, reason: 'requested' }]);
    const model = scriptedModel('new');
    for (let call = 0; call < CALLS; call++) expect(await ask(run.model(model), call)).toBe(answers[call]);
    const embedder = fakeEmbedder();
    expect(await run.embedder(embedder).embed(['bees'])).toEqual(await fakeEmbedder().embed(['bees']));
    expect(run.stats()).toMatchObject({ calls: 0, replayed: CALLS, embedded: 0, spending: { calls: CALLS } });
    expect(events.at(-1)).toMatchObject({ type: 'call-end', replayed: true, place: placeOf(CALLS - 1) });
    await run.close();
    expect(model.calls).toHaveLength(0);
    expect(embedder.embedded).toBe(0);
    expect(listing()).toEqual(before);
  });

  test('refuses what is not stored before it is sent, and says which call it was and what to do', async () => {
    await recorded();
    const run = await openRun(dir, { readOnly: true });
    const model = scriptedModel('new');
    const unknown = ask(run.model(model), 'bees');
    await expect(unknown).rejects.toThrow(RunStorageError);
    await expect(unknown).rejects.toThrow(
      `${dir} is read-only and holds no answer of "scripted" to this call at test/bees/0/speaker/0. Run the same program`,
    );
    const other = scriptedModel('new', { id: 'other' });
    await expect(ask(run.model(other), 3)).rejects.toThrow(
      /The answer stored there is of "scripted"\. Run the same/,
    );
    const prompted = run
      .model(model)
      .generate({ messages: [{ role: 'user', content: 'Changed' }] }, { place: placeOf(3) });
    await expect(prompted).rejects.toThrow(/The answer stored there is to another prompt or other settings/);
    const embedder = fakeEmbedder();
    await expect(run.embedder(embedder).embed(['bees', 'wasps'])).rejects.toThrow(/no vector of "fake/);
    expect([...model.calls, ...other.calls]).toEqual([]);
    expect(embedder.embedded).toBe(0);
    await run.close();
    await expect(ask(run.model(model), 3)).rejects.toThrow(/The run is closed/);
  });

  test('replays the models inside a model that calls others', async () => {
    const run = await openRun(dir);
    const composite = () =>
      adaptive(scriptedModel(({ outputSchema }) => (outputSchema ? '{"preferences":[]}' : 'Hi.')));
    const first = await ask(run.model(composite()), 1);
    const { calls } = run.stats();
    await run.close();
    const again = await openRun(dir, { readOnly: true });
    expect(await ask(again.model(composite()), 1)).toBe(first);
    expect(again.stats().replayed).toBe(calls);
    await again.close();
  });

  test('keeps its seed and refuses another one', async () => {
    await recorded({ seed: 7 });
    await expect(openRun(dir, { readOnly: true, seed: 8 })).rejects.toThrow(RunConflictError);
  });

  test('must be there', async () => {
    await expect(openRun(dir, { readOnly: true })).rejects.toThrow(/holds no run/);
    expect(readdirSync(folder)).toEqual([]);
    mkdirSync(dir);
    writeFileSync(join(dir, 'run.json'), '{"schema":"aloe-run/2","seed":0,"servers":{}}');
    await expect(openRun(dir, { readOnly: true })).rejects.toThrow(/There is no journal/);
    writeFileSync(join(dir, 'journal.sqlite'), 'something else');
    await expect(openRun(dir, { readOnly: true })).rejects.toThrow(InvalidFileError);
    await expect(openRun(dir, { readOnly: true })).rejects.toThrow(
      `${join(dir, 'journal.sqlite')}: is not a journal`,
    );
  });

  test('aborts as any other', async () => {
    await recorded();
    const run = await openRun(dir, { readOnly: true });
    const reason = new Error('enough');
    const request = { messages: [{ role: 'user' as const, content: 'Hello 1' }] };
    const options = { place: placeOf(1), signal: AbortSignal.abort(reason) };
    await expect(run.model(scriptedModel('new')).generate(request, options)).rejects.toBe(reason);
    await run.close();
  });

  test('still asks about served weights that may have changed', async () => {
    const served = {
      ...scriptedModel('old', { id: 'tuned' }),
      server: { address: 'localhost:8000/v1', stable: false },
    };
    const run = await openRun(dir);
    await ask(run.model(served), 1);
    await run.close();
    const again = await openRun(dir, { readOnly: true });
    expect(() => again.model({ ...served })).toThrow(/may serve other weights/);
    await again.close();
    const vouched = await openRun(dir, { readOnly: true, sameModel: true });
    expect(await ask(vouched.model({ ...served }), 1)).toBe('old');
    await vouched.close();
  });

  test.each([['yes'], [1]])('takes no %s for an option', async (readOnly) => {
    await expect(openRun(dir, { readOnly } as never)).rejects.toThrow(InvalidOptionError);
    expect(() => memoryRun({ readOnly: true } as never)).toThrow(/memoryRun\(\) has no option "readOnly"/);
  });
});

describe('a run that another process works on', () => {
  test('can be read meanwhile, and new answers are found', async () => {
    const writer = await openRun(dir);
    await record(writer, 0, 10);
    const reader = await openRun(dir, { readOnly: true });
    const model = reader.model(scriptedModel('new'));
    expect(await ask(model, 9)).toBe(answers[9]);
    await expect(ask(model, 10)).rejects.toThrow(RunStorageError);
    await record(writer, 10, 20);
    expect(await ask(model, 10)).toBe(answers[10]);
    await writer.close();
    expect(await ask(model, 19)).toBe(answers[19]);
    await reader.close();
    expect(await replayUpTo(20)).toEqual(answers.slice(0, 20));
  });

  test('can be opened before that process begins', async () => {
    const first = await openRun(dir);
    await record(first, 0, 10);
    await first.close();
    const reader = await openRun(dir, { readOnly: true });
    const model = reader.model(scriptedModel('new'));
    expect(await ask(model, 0)).toBe(answers[0]);
    const writer = await openRun(dir);
    await record(writer, 10, CALLS);
    expect(await ask(model, 15)).toBe(answers[15]);
    await writer.close();
    for (let call = 0; call < CALLS; call++) expect(await ask(model, call)).toBe(answers[call]);
    await reader.close();
  });

  async function replayUpTo(end: number): Promise<string[]> {
    const run = await openRun(dir, { readOnly: true });
    const model = run.model(scriptedModel('new'));
    const texts = [];
    for (let call = 0; call < end; call++) texts.push(await ask(model, call));
    await run.close();
    return texts;
  }
});

describe('what a killed process left', () => {
  test('in the log is replayed, whether or not its index is there', async () => {
    const run = await openRun(dir);
    await record(run);
    const left = join(folder, 'left');
    cpSync(dir, left, { recursive: true });
    await run.close();
    await rm(dir, { recursive: true });
    cpSync(left, dir, { recursive: true });
    expect(readdirSync(dir)).toContain('journal.sqlite-wal');
    expect(await replay({ readOnly: true })).toEqual(answers);
    await rm(join(dir, 'journal.sqlite-shm'));
    const before = listing();
    expect(await replay({ readOnly: true })).toEqual(answers);
    expect(listing()).toEqual(before);
  });

  test('damaged is repaired in a copy, and told', async () => {
    await recorded();
    const path = join(dir, 'journal.sqlite');
    const bytes = readFileSync(path);
    // The header of the first page, where SQLite looks for everything else.
    bytes.fill(0xff, 16, 100);
    writeFileSync(path, bytes);
    const events: RunEvent[] = [];
    const before = listing();
    expect(await replay({ readOnly: true, onEvent: (event) => events.push(event) })).toEqual(answers);
    expect(events[0]).toMatchObject({ type: 'journal-recovered', kept: CALLS + 1, lost: 0, keptAs: path });
    expect(listing()).toEqual(before);
  });
});

const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const;
const isRoot = process.getuid?.() === 0;

/** Replays in a process without the right to write: as nobody, or, if this user is not root, after taking the right away. */
async function replayWithoutRights(calls: number): Promise<string[]> {
  const command = [process.execPath, '--no-warnings', REPLAY, dir, String(calls)];
  await chmod(folder, 0o755);
  await chmod(dir, 0o555);
  for (const name of readdirSync(dir)) await chmod(join(dir, name), 0o444);
  const [program, ...words] = isRoot ? [...AS_NOBODY, ...command] : command;
  const temporary = join(folder, 'temporary');
  mkdirSync(temporary, { recursive: true });
  await chmod(temporary, 0o777);
  const env = { ...process.env, TMPDIR: temporary };
  const { stdout, stderr } = spawnSync(program!, words, { encoding: 'utf8', env });
  await chmod(dir, 0o755);
  // Also where the run was not closed.
  expect(readdirSync(temporary)).toEqual([]);
  return `${stdout}${stderr}`.trimEnd().split('\n');
}

function canBecomeNobody(): boolean {
  if (!isRoot) return process.getuid !== undefined;
  const [program, ...words] = AS_NOBODY;
  const read = `require('node:fs').readFileSync(${JSON.stringify(REPLAY)})`;
  const { status } = spawnSync(program, [...words, process.execPath, '-e', read]);
  if (status !== 0) console.warn('NOT TESTED: directories of other users. Root cannot become nobody here.');
  return status === 0;
}

describe.runIf(canBecomeNobody())('a directory without permission to write', () => {
  test('is replayed, and a missing call is refused in words', async () => {
    await recorded();
    const [event, ...texts] = await replayWithoutRights(CALLS);
    expect(event).toBe('run-opened-read-only');
    expect(texts).toEqual(answers);
    expect((await replayWithoutRights(CALLS + 1)).at(-1)).toMatch(
      /read-only and holds no answer .* at test\/30\/0\/speaker\/0\. .*copy the directory/,
    );
  });

  test('is replayed while its owner writes, and after the owner was killed', async () => {
    const run = await openRun(dir);
    await record(run);
    expect((await replayWithoutRights(CALLS)).slice(1)).toEqual(answers);
    const left = join(folder, 'left');
    cpSync(dir, left, { recursive: true });
    await run.close();
    dir = left;
    expect((await replayWithoutRights(CALLS)).slice(1)).toEqual(answers);
    await rm(join(dir, 'journal.sqlite-shm'));
    expect((await replayWithoutRights(CALLS)).slice(1)).toEqual(answers);
    // A call that is missing ends the program before it closes the run.
    expect((await replayWithoutRights(CALLS + 1)).at(-1)).toMatch(/read-only and holds no answer/);
  });

  test('is repaired in a copy that can be written to', async () => {
    const run = await openRun(dir);
    await record(run);
    const left = join(folder, 'left');
    cpSync(dir, left, { recursive: true });
    await run.close();
    dir = left;
    await rm(join(dir, 'journal.sqlite-shm'));
    const log = readFileSync(join(dir, 'journal.sqlite-wal'));
    // In the middle of the log, where SQLite stops reading.
    log.fill(0xff, log.length / 2, log.length / 2 + 64);
    writeFileSync(join(dir, 'journal.sqlite-wal'), log);
    const texts = (await replayWithoutRights(CALLS)).filter((line) => line.startsWith('re: '));
    expect(texts.length).toBeGreaterThanOrEqual(CALLS - 2);
  });
});

test('a directory that cannot be written to is replayed without being asked to', async (context) => {
  await recorded();
  const undo = makeReadOnly(dir);
  if (undo === null) return context.skip();
  try {
    const events: RunEvent[] = [];
    expect(await replay({ onEvent: (event) => events.push(event) })).toEqual(answers);
    expect(events[0]).toEqual({ type: 'run-opened-read-only', dir, reason: 'not-writable' });
    await expect(openRun(dir, { readOnly: false })).rejects.toThrow(/cannot be locked/);
  } finally {
    undo();
  }
});
