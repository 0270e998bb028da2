import { mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { revisionOfDirectory } from '../../src/config/revision-of-directory.ts';

const HERE = 'http://localhost:8000/v1';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-revision-'));
  await writeFile(join(dir, 'config.json'), '{}');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('changes with any megabyte of the weights', async () => {
  const path = join(dir, 'model.safetensors');
  await writeFile(path, Buffer.alloc(48 * 1024 * 1024));
  const before = revisionOfDirectory(dir, HERE);
  expect(before).toMatch(/^[0-9a-f]{8}$/);
  expect(revisionOfDirectory(dir, HERE)).toBe(before);
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(1024 * 1024, 1), 0, 1024 * 1024, 31_000_000);
  await file.close();
  expect(revisionOfDirectory(dir, HERE)).not.toBe(before);
});

test('is of models alone that this machine serves from a directory with weights', async () => {
  expect(revisionOfDirectory(dir, HERE)).toBeUndefined();
  await writeFile(join(dir, 'model.safetensors'), 'x');
  for (const host of ['localhost', '127.0.0.1:8000', '127.1', '0.0.0.0:1', '[::1]:8000']) {
    expect(revisionOfDirectory(dir, `http://${host}/v1`), host).toBeDefined();
  }
  for (const url of ['http://gpu7:8000/v1', 'https://api.example.com/v1', 'no URL', '']) {
    expect(revisionOfDirectory(dir, url), url).toBeUndefined();
  }
  expect(revisionOfDirectory('org/no-such-model', HERE)).toBeUndefined();
  expect(revisionOfDirectory(join(dir, 'config.json'), HERE)).toBeUndefined();
});

test('stays the same when files change that no server reads', async () => {
  await writeFile(join(dir, 'model.safetensors'), 'x');
  const before = revisionOfDirectory(dir, HERE);
  for (const name of ['.DS_Store', 'README.md']) await writeFile(join(dir, name), 'new');
  expect(revisionOfDirectory(dir, HERE)).toBe(before);
  await writeFile(join(dir, 'tokenizer.json'), '{}');
  expect(revisionOfDirectory(dir, HERE)).not.toBe(before);
});

test('reads plain files only', async () => {
  await writeFile(join(dir, 'model.safetensors'), 'x');
  const before = revisionOfDirectory(dir, HERE);
  await symlink(join(dir, 'nothing'), join(dir, 'broken'));
  await mkdir(join(dir, 'checkpoint-1'));
  expect(revisionOfDirectory(dir, HERE)).toBe(before);
});
