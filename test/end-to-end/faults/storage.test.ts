import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ConversationTree } from '../../../src/conversations/conversation-tree.ts';
import { ConversationTreeBuilder } from '../../../src/conversations/conversation-tree-builder.ts';
import { RunStorageError } from '../../../src/errors.ts';
import type { ChatModel } from '../../../src/models/chat-model.ts';
import { memoryRun, openRun, type Run } from '../../../src/runs/run.ts';
import { scriptedModel } from '../../../src/testing/scripted-model.ts';
import { beekeepers, cast } from '../../conversations/fakes.ts';
import { canMount, mountDisk } from './small-disk.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-storage-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const CALLS = 40;
const LONG = 'All is well with the bees. '.repeat(400);

/** Makes the calls that are missing, two at a time; says which were answered, that is, acknowledged as being on disk. */
async function work(run: Run, model: ChatModel): Promise<{ answered: number[]; errors: unknown[] }> {
  const answered: number[] = [];
  const errors: unknown[] = [];
  const wrapped = run.model(model);
  let next = 0;
  const askInTurn = async () => {
    while (next < CALLS) {
      const index = next++;
      const request = { messages: [{ role: 'user' as const, content: `Hello ${index}` }] };
      const place = { task: 'test', subject: String(index), role: 'speaker' };
      try {
        await wrapped.generate(request, { place });
        answered.push(index);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all([askInTurn(), askInTurn()]);
  return { answered, errors };
}

function expectConsistent(dir: string): void {
  const database = new DatabaseSync(join(dir, 'journal.sqlite'), { readOnly: true });
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  database.close();
}

/** Resumes, and checks that nothing is asked again that was answered. */
async function expectOnlyTheRestPaid(dir: string, answered: readonly number[]): Promise<void> {
  const run = await openRun(dir);
  const model = scriptedModel(LONG);
  expect((await work(run, model)).answered).toHaveLength(CALLS);
  await run.close();
  const askedAgain = model.calls.map(({ request }) => Number(request.messages[0]!.content.slice(6)));
  expect(askedAgain.filter((index) => answered.includes(index))).toEqual([]);
  expectConsistent(dir);
}

describe.runIf(await canMount())('a disk that is full', () => {
  test.each([120, 180, 250, 330, 420])(
    'after %i kilobytes stops the run, keeps what was answered, and the run goes on when there is room',
    async (kilobytes) => {
      const disk = join(folder, 'disk');
      const dir = join(disk, 'run');
      await mkdir(disk);
      mountDisk(disk, kilobytes);
      try {
        const run = await openRun(dir, { concurrency: 2 });
        const { answered, errors } = await work(run, scriptedModel(LONG));
        expect(errors.length).toBeGreaterThan(0);
        for (const error of errors) expect(error).toBeInstanceOf(RunStorageError);
        expect(String(errors[0])).toMatch(/full.*Free disk space.*run the program again to resume/);
        await run.close();
        execFileSync('mount', ['-o', 'remount,size=8m', disk]);
        expectConsistent(dir);
        await expectOnlyTheRestPaid(dir, answered);
      } finally {
        execFileSync('umount', [disk]);
      }
    },
  );
});

/** Makes the journal's commits fail from the n-th on, as a broken disk would. */
function breakCommits(from: number, errcode: number): void {
  const exec = DatabaseSync.prototype.exec;
  let commits = 0;
  vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, sql) {
    if (sql === 'COMMIT' && ++commits >= from) throw Object.assign(new Error('disk I/O error'), { errcode });
    return exec.call(this, sql);
  });
}

describe('a write that fails', () => {
  // The schema is the first.
  test.each([2, 3, 5, 8])('as commit %i stops the run, which loses nothing and goes on', async (commit) => {
    const dir = join(folder, 'run');
    const run = await openRun(dir, { concurrency: 2 });
    breakCommits(commit - 1, 10);
    const { answered, errors } = await work(run, scriptedModel(LONG));
    await run.close();
    vi.restoreAllMocks();
    expect(answered.length).toBeLessThan(CALLS);
    expect(errors).toHaveLength(CALLS - answered.length);
    for (const error of errors) expect(error).toBeInstanceOf(RunStorageError);
    await expectOnlyTheRestPaid(dir, answered);
  });

  test('when the journal is made, is told, and the next opening makes it', async () => {
    const dir = join(folder, 'run');
    breakCommits(1, 10);
    await expect(openRun(dir)).rejects.toThrow(RunStorageError);
    vi.restoreAllMocks();
    await expectOnlyTheRestPaid(dir, []);
  });

  test('ends the stream of conversations; the next one goes on from there to the same conversations', async () => {
    const play = (run: Run): Promise<ConversationTree[]> =>
      Array.fromAsync(
        new ConversationTreeBuilder({ run, roles: cast(), turns: 3, order: 'input' }).build(beekeepers(3)),
      );
    const whole = await play(memoryRun({ seed: 7 }));
    const broken = await openRun(join(folder, 'run'), { seed: 7 });
    breakCommits(4, 13);
    await expect(play(broken)).rejects.toThrow(RunStorageError);
    await broken.close();
    vi.restoreAllMocks();
    const resumed = await openRun(join(folder, 'run'), { seed: 7 });
    expect(await play(resumed)).toEqual(whole);
    expect(resumed.stats().replayed).toBeGreaterThan(0);
    await resumed.close();
  });
});
