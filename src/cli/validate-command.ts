import { existsSync } from 'node:fs';
import { InvalidOptionError } from '../errors.ts';
import { llamaCppTokenizer } from '../tokenizers/llama-cpp.ts';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';
import { transformersTokenizer } from '../tokenizers/transformers.ts';
import { DATASET_FORMATS, type DatasetFormat } from '../validation/dataset-formats.ts';
import { type DatasetReport, describeDataset } from '../validation/dataset-report.ts';
import { validateDataset } from '../validation/validate-dataset.ts';
import { EXIT } from './exit-status.ts';
import { readOptionalNumber } from './read-number.ts';
import { print } from './terminal.ts';
import { defineVerb, type Verb } from './verb.ts';

export const validateCommand: Verb = defineVerb({
  args: {
    file: { type: 'positional', description: 'Files to check: JSON Lines or Parquet.' },
    format: {
      type: 'string',
      description: `File format: ${DATASET_FORMATS.join(', ')} (default: detected from name and columns).`,
    },
    tokenizer: {
      type: 'string',
      description: "The base model's tokenizer: a directory with tokenizer.json, a .gguf file, or a hub id.",
    },
    'max-length': {
      type: 'string',
      valueHint: 'TOKENS',
      description: 'Maximum row length in tokens (requires --tokenizer).',
    },
  },
  many: true,
  examples: [
    { words: 'data validate sft.jsonl dpo.jsonl', what: 'Check both files; formats are detected.' },
    {
      words: 'data validate dpo.jsonl --tokenizer Qwen/Qwen2.5-7B-Instruct --max-length 2048',
      what: 'Also find rows that the trainer would cut off.',
    },
  ],
  failed: 'A file has an error. Warnings do not count.',
  interrupted: 'Interrupted. Nothing was changed.',
  async run({ args, words, json, signal }) {
    const format = checkFormat(args.format);
    const options = {
      tokenizer: args.tokenizer === undefined ? undefined : openTokenizer(args.tokenizer),
      maxLength: readOptionalNumber('max-length', args['max-length'], { min: 1, whole: true }),
      signal,
    };
    const files: DatasetReport[] = [];
    for (const path of words) {
      const report = await validateDataset(path, format, options);
      // Large files take a while, so each is printed when it is done.
      if (!json) print(describeDataset(report));
      files.push(report);
    }
    const failed = files.some(({ errors }) => errors > 0);
    return { text: '', json: { files }, status: failed ? EXIT.failed : EXIT.done };
  },
});

function checkFormat(name: string | undefined): DatasetFormat | 'auto' {
  if (name === undefined) return 'auto';
  const format = DATASET_FORMATS.find((known) => known === name);
  if (format === undefined) {
    throw new InvalidOptionError('format', `one of ${DATASET_FORMATS.join(', ')}`, name);
  }
  return format;
}

/** A local path wins over a hub id of the same name. */
function openTokenizer(name: string): Tokenizer {
  if (name.endsWith('.gguf')) return llamaCppTokenizer({ modelPath: name });
  const isPath = existsSync(name) || /^[./\\]/.test(name);
  return transformersTokenizer(isPath ? { modelPath: name } : { model: name });
}
