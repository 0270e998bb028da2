import type { PreferenceFormat } from './preference-format.ts';
import type { Split } from './split.ts';

/** Name of a format's data file for one split. */
export function dataFile(format: PreferenceFormat, split: Split): string {
  return `${format.name}.${split}.${format.fileType ?? 'jsonl'}`;
}
