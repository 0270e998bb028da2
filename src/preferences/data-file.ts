import type { PreferenceFormat } from './preference-format.ts';
import type { Split } from './split.ts';

/** The name of a format's data file. */
export function dataFile(format: PreferenceFormat, split: Split): string {
  return `${format.name}.${split}.${format.fileType ?? 'jsonl'}`;
}
