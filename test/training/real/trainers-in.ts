import { readdir, readFile, readlink } from 'node:fs/promises';
import { expect } from 'vitest';
import { sleep } from '../../../src/internal/sleep.ts';

/** A process of a spread training, by its number among them. */
export interface Trainer {
  readonly pid: number;
  readonly rank: number;
}

/** The trainers that work in a job's folder, on Linux, whoever started them and whether that one still lives. */
export async function trainersIn(folder: string): Promise<Trainer[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid): Promise<Trainer[]> => {
      try {
        if ((await readlink(`/proc/${pid}/cwd`)) !== folder) return [];
        const rank = /\0RANK=(\d+)\0/.exec(`\0${await readFile(`/proc/${pid}/environ`, 'utf8')}\0`)?.[1];
        return rank === undefined ? [] : [{ pid: Number(pid), rank: Number(rank) }];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    }),
  );
  return found.flat().sort((one, other) => one.rank - other.rank);
}

export async function untilNoTrainersIn(folder: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while ((await trainersIn(folder)).length > 0) {
    expect(Date.now(), 'trainers that outlive their job').toBeLessThan(deadline);
    await sleep(200);
  }
}
