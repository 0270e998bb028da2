import type { FormatFiles, LoadLine } from './preference-format.ts';

/** Python code that loads a dataset. `call` is the expression that loads it, by file names by default; `more` comes after it. */
export function datasetsLine(
  files: FormatFiles,
  { call = loadFilesCall(files), more = '' }: { readonly call?: string; readonly more?: string } = {},
): LoadLine {
  return { language: 'python', code: `from datasets import load_dataset\n\ndata = ${call}${more}` };
}

function loadFilesCall({ fileType, train, validation }: FormatFiles): string {
  const splits = [`"train": "${train}"`, ...(validation === null ? [] : [`"validation": "${validation}"`])];
  return `load_dataset("${fileType === 'parquet' ? 'parquet' : 'json'}", data_files={${splits.join(', ')}})`;
}
