import { link, lstat, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RunStorageError } from '../../src/errors.ts';
import { runCommand } from '../../src/internal/run-command.ts';
import { writeFileAtomic } from '../../src/internal/write-file.ts';
import { openRun } from '../../src/runs/run.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

let folder: string;
let dir: string;
let victim: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-links-'));
  dir = join(folder, 'run');
  victim = join(folder, 'victim');
  await mkdir(dir);
  await writeFile(victim, 'precious');
});
afterEach(() => rm(folder, { recursive: true }));

const OWN_FILES = [
  'run.json',
  'run.holder.json',
  'run.lock',
  'batches.jsonl',
  'journal.sqlite',
  'journal.sqlite-wal',
  'journal.sqlite-shm',
  'journal.sqlite.replacement',
  'journal.damaged-1.sqlite',
];

// Windows has neither pipes with names nor links for everyone.
describe.skipIf(process.platform === 'win32')('a run directory', () => {
  test('may be a symbolic link, as on clusters that link to a scratch disk', async () => {
    const link = join(folder, 'link');
    await symlink(dir, link);
    for (const answers of [1, 0]) {
      const run = await openRun(link);
      const model = scriptedModel('hi');
      await run.model(model).generate({ messages: [{ role: 'user', content: 'Hello' }] });
      expect(model.calls).toHaveLength(answers);
      await run.close();
    }
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect((await lstat(join(await realpath(dir), 'journal.sqlite'))).isFile()).toBe(true);
  });

  test.each(OWN_FILES)(
    'in which %s is a symbolic link is refused, and the target is left alone',
    async (name) => {
      await symlink(victim, join(dir, name));
      const opening = openRun(dir);
      await expect(opening).rejects.toThrow(RunStorageError);
      await expect(opening).rejects.toThrow(`${join(dir, name)} is a symbolic link.`);
      expect(await readFile(victim, 'utf8')).toBe('precious');
    },
  );

  test.each(OWN_FILES)('in which %s is a link to nothing creates nothing there', async (name) => {
    const absent = join(folder, 'absent');
    await symlink(absent, join(dir, name));
    await expect(openRun(dir)).rejects.toThrow('is a symbolic link.');
    await expect(lstat(absent)).rejects.toThrow('ENOENT');
  });

  test.each(['run.json', 'run.holder.json', 'run.lock', 'journal.sqlite', 'batches.jsonl'])(
    'in which %s is a pipe is refused instead of waited for',
    async (name) => {
      await runCommand(['mkfifo', join(dir, name)]);
      await expect(openRun(dir)).rejects.toThrow(`${join(dir, name)} is not a file.`);
    },
  );

  test('whose holder file is a second name of another file leaves that file alone', async () => {
    await link(victim, join(dir, 'run.holder.json'));
    const run = await openRun(dir);
    expect(await readFile(victim, 'utf8')).toBe('precious');
    expect(JSON.parse(await readFile(join(dir, 'run.holder.json'), 'utf8'))).toMatchObject({
      pid: process.pid,
    });
    await run.close();
  });

  test('may have links of the user beside the files of the run', async () => {
    await symlink(victim, join(dir, 'notes.md'));
    await (await openRun(dir)).close();
  });
});

test.skipIf(process.platform === 'win32')(
  'an output replaces a symbolic link instead of writing through it',
  async () => {
    const path = join(folder, 'report.md');
    await symlink(victim, path);
    await writeFileAtomic(path, 'new');
    expect(await readFile(victim, 'utf8')).toBe('precious');
    expect((await lstat(path)).isFile()).toBe(true);
  },
);
