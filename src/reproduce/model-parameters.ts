import { exists } from '../training/folder/job-folder.ts';
import { countWeights } from '../training/plan/count-weights.ts';

const UNITS: Readonly<Record<string, number>> = { M: 1e6, B: 1e9 };

/**
 * Number of weights of a model: counted in its weight files, else as its name says (`Qwen2-7B-Instruct`). Null if neither tells.
 *
 * @param model A directory in Hugging Face's layout, or a name on the hub.
 */
export async function modelParameters(model: string): Promise<number | null> {
  const counted = (await exists(model)) ? await countWeights(model) : null;
  if (counted !== null) return counted;
  const [, size, unit] = /(\d+(?:\.\d+)?)\s*([MB])(?![A-Za-z])/.exec(model) ?? [];
  return size === undefined ? null : Number(size) * UNITS[unit!]!;
}
