import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAtomic, writeFileAtomic } from '../../src/internal/write-file.ts';

let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-write-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

describe('writeFileAtomic', () => {
  test('writes a file, creates its directory, replaces an old file and leaves nothing else', async () => {
    const path = join(folder, 'a', 'b', 'file.txt');
    await writeFileAtomic(path, 'old');
    await writeFileAtomic(path, 'new ä \u{1F33F}');
    expect(await readFile(path, 'utf8')).toBe('new ä \u{1F33F}');
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['file.txt']);
  });

  test('leaves nothing behind when the file cannot be replaced', async () => {
    const path = join(folder, 'taken');
    await mkdir(join(path, 'inside'), { recursive: true });
    await expect(writeFileAtomic(path, 'text')).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['taken']);
  });

  test('with several writers of one file, leaves the whole content of one of them', async () => {
    const path = join(folder, 'file.txt');
    const contents = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(10_000));
    await Promise.all(contents.map((content) => writeFileAtomic(path, content)));
    expect(contents).toContain(await readFile(path, 'utf8'));
    expect(await readdir(folder)).toEqual(['file.txt']);
  });
});

describe('openAtomic', () => {
  test('shows nothing before the commit, and everything after it', async () => {
    const path = join(folder, 'rows.jsonl');
    await writeFile(path, 'before');
    const writer = await openAtomic(path);
    await writer.write('one\n');
    await writer.write('two\n');
    expect(await readFile(path, 'utf8')).toBe('before');
    await writer.seal();
    expect(await readFile(path, 'utf8')).toBe('before');
    await writer.commit();
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
    expect(await readdir(folder)).toEqual(['rows.jsonl']);
  });

  test('removes what was written when discarded, before or after sealing', async () => {
    const path = join(folder, 'rows.jsonl');
    await writeFile(path, 'before');
    for (const sealed of [false, true]) {
      const writer = await openAtomic(path);
      await writer.write('half');
      if (sealed) await writer.seal();
      await writer.discard();
      expect(await readdir(folder)).toEqual(['rows.jsonl']);
    }
    expect(await readFile(path, 'utf8')).toBe('before');
  });

  test('keeps the old file when the process dies while writing, and cleans up at the next write', async () => {
    const path = join(folder, 'rows.jsonl');
    await writeFile(path, 'before');
    const [living, killed] = [await startWriting(path), await startWriting(path)];
    const elsewhere = 'rows.jsonl.00000000-1-00000000.partial';
    const other = `other-${killed.file}`;
    for (const name of [elsewhere, other]) await writeFile(join(folder, name), 'half');
    killed.process.kill('SIGKILL');
    await once(killed.process, 'exit');
    expect(await readFile(path, 'utf8')).toBe('before');
    const others = ['rows.jsonl', living.file, elsewhere, other].sort();
    expect((await readdir(folder)).sort()).toEqual([...others, killed.file].sort());

    await writeFileAtomic(path, 'after');
    expect(await readFile(path, 'utf8')).toBe('after');
    expect((await readdir(folder)).sort()).toEqual(others);
  });
});

/** A process that has begun to write, and the name of what it writes. */
async function startWriting(path: string): Promise<{ process: ChildProcess; file: string }> {
  const before = await readdir(folder);
  const module = JSON.stringify(new URL('../../src/internal/write-file.ts', import.meta.url).href);
  const child = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `const { openAtomic } = await import(${module});
     const writer = await openAtomic(${JSON.stringify(path)});
     await writer.write('half');
     console.log('written');
     setInterval(() => {}, 1000);`,
  ]);
  children.push(child);
  await once(child.stdout, 'data');
  const [file] = (await readdir(folder)).filter((name) => !before.includes(name));
  return { process: child, file: file! };
}
