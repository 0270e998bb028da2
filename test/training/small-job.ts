import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type InteractToAlignOptions, interactToAlign } from '../../src/training/job/interact-to-align.ts';
import type { TrainingJob } from '../../src/training/job/training-job.ts';

const PROMPT = [{ role: 'user', content: 'Night shift done. Coffee?' }];
const GOOD = [{ role: 'assistant', content: 'Decaf, or you stay up.' }];
const BAD = [{ role: 'assistant', content: 'Coffee is a popular beverage.' }];

/** Training files of a few rows, in a folder. */
export async function writeSmallData(folder: string): Promise<{ sft: string; dpo: string }> {
  await mkdir(folder, { recursive: true });
  const paths = { sft: join(folder, 'sft $(x).jsonl'), dpo: join(folder, "dpo's [*].jsonl") };
  const rows = (row: object) => `${JSON.stringify(row)}\n`.repeat(8);
  await writeFile(paths.sft, rows({ prompt: PROMPT, completion: GOOD }));
  await writeFile(paths.dpo, rows({ prompt: PROMPT, chosen: GOOD, rejected: BAD }));
  return paths;
}

/** A job for machines without GPUs. */
export async function makeSmallJob(
  folder: string,
  options: Partial<InteractToAlignOptions> = {},
): Promise<TrainingJob> {
  const { sft, dpo } = await writeSmallData(folder);
  return interactToAlign({ base: 'some/model', sft, dpo, resources: { gpus: 0 }, ...options });
}
