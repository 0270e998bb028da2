import { existsSync } from 'node:fs';
import { type ArgsDef, type CommandDef, defineCommand } from 'citty';
import { InvalidOptionError } from '../errors.ts';
import { llamaCppTokenizer } from '../tokenizers/llama-cpp.ts';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';
import { transformersTokenizer } from '../tokenizers/transformers.ts';
import { DATASET_FORMATS, type DatasetFormat } from '../validation/dataset-formats.ts';
import { describeDataset } from '../validation/dataset-report.ts';
import { validateDataset } from '../validation/validate-dataset.ts';
import { checkArguments } from './check-arguments.ts';
import { EXIT } from './exit-status.ts';
import { guarded } from './guarded.ts';
import { print, printJson } from './terminal.ts';

const validateArgs = {
  file: { type: 'positional', description: 'Files to check: JSON Lines or Parquet.' },
  format: {
    type: 'string',
    description: `File format: ${DATASET_FORMATS.join(', ')} (default: detected from name and columns).`,
  },
  tokenizer: {
    type: 'string',
    description: "The base model's tokenizer: a directory with tokenizer.json, a .gguf file, or a hub id.",
  },
  'max-length': { type: 'string', description: 'Maximum row length in tokens (requires --tokenizer).' },
  json: { type: 'boolean', description: 'Print one JSON object per file instead of text.' },
} as const satisfies ArgsDef;

const validate = defineCommand({
  meta: {
    name: 'validate',
    description: 'Check training files from any source. Exits with code 1 on errors.',
  },
  args: validateArgs,
  run: ({ args }) =>
    guarded(async (signal) => {
      checkArguments({ ...args, _: [] }, validateArgs);
      const format = checkFormat(args.format);
      const options = {
        tokenizer: args.tokenizer === undefined ? undefined : openTokenizer(args.tokenizer),
        maxLength: args['max-length'] === undefined ? undefined : Number(args['max-length']),
        signal,
      };
      for (const file of args._) {
        const report = await validateDataset(file, format, options);
        if (args.json) printJson(report);
        else print(describeDataset(report));
        if (report.errors > 0) process.exitCode = EXIT.failed;
      }
    }, 'Interrupted. Nothing was changed.'),
});

export const dataCommand: CommandDef = defineCommand({
  meta: { name: 'data', description: 'Work with training files.' },
  subCommands: { validate },
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
