import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A folder for each test, and its files. */
export interface ExportFolder {
  readonly dir: string;
  text(name: string): Promise<string>;
  rows(name: string): Promise<Record<string, unknown>[]>;
}

/** Makes a folder before each test of the calling file, and removes it afterwards. */
export function useExportFolder(): ExportFolder {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aloe-export-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));
  const text = (name: string) => readFile(join(dir, name), 'utf8');
  return {
    get dir() {
      return dir;
    },
    text,
    rows: async (name) =>
      (await text(name))
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
  };
}
