import { basename, extname } from 'node:path';
import { InvalidOptionError } from '../errors.ts';
import { checkPath } from '../internal/check-path.ts';
import { displayed } from '../internal/displayed.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkChoice, checkMethod, checkNumber } from '../internal/options.ts';
import { createLengthBiasCounter, describeLengthBias } from '../preferences/length-bias.ts';
import { createStyleGapCounter, describeStyleGap } from '../preferences/style-gap.ts';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';
import { createContentChecker } from './check-content.ts';
import { checkExample } from './check-example.ts';
import { checkMarks, createFileChecker } from './check-file.ts';
import { createLengthChecker } from './check-lengths.ts';
import { createTextChecker } from './check-texts.ts';
import { DATASET_FORMATS, type DatasetFormat, detectFormat } from './dataset-formats.ts';
import { type DatasetReport, describeDataset } from './dataset-report.ts';
import { isParquet, readDatasetRows } from './dataset-rows.ts';
import { FINDING_KINDS, type FindingKind } from './finding-kinds.ts';
import { collectFindings, quote } from './findings.ts';
import { type Response, readExample } from './read-example.ts';

/** Options of {@link validateDataset}. */
export interface ValidateDatasetOptions {
  /** Tokenizer of the base model. Default: none, and lengths are not checked. */
  readonly tokenizer?: Tokenizer | undefined;
  /** The trainer's `max_length`: longest row in tokens. Requires `tokenizer`. Default: no limit. */
  readonly maxLength?: number | undefined;
  /** How many findings of each kind to keep; all are counted. Default 20. */
  readonly maxFindings?: number | undefined;
  /** Aborts the check. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Checks a training file from any source, JSON Lines or Parquet: encoding and JSON, values that loaders misread, roles
 * and their order, pairs without a preference, faults of the content (repeated prompts, refusals, other languages and more), and
 * lengths in tokens of the base model. It reads row by row and keeps
 * one number per row. Problems in the rows are findings, not exceptions.
 *
 * @param path The training file.
 * @param format `auto` detects the format from the file name and the first row. Default `auto`.
 *
 * @example
 * ```ts
 * import { describeDataset, validateDataset } from 'aloe-align/validation';
 *
 * const report = await validateDataset('data/trl-dpo.train.jsonl');
 * console.log(describeDataset(report));
 * ```
 *
 * @throws InvalidOptionError if an option is invalid.
 * @throws InvalidFileError if the file cannot be read, or is a damaged Parquet file.
 * @throws MissingPackageError, MissingWeightsError or InvalidFileError if the tokenizer cannot be loaded.
 * @throws The signal's reason on abort.
 */
export async function validateDataset(
  path: string,
  format: DatasetFormat | 'auto' = 'auto',
  options: ValidateDatasetOptions = {},
): Promise<DatasetReport> {
  const { tokenizer, maxLength, maxFindings, signal } = checkOptions(path, format, options);
  signal?.throwIfAborted();
  const findings = collectFindings(maxFindings);
  const parquet = await isParquet(path);
  if (isMisnamed(path, parquet)) {
    findings.add(
      'misnamed-file',
      null,
      `The content is ${parquet ? '' : 'not '}Parquet, which does not match the file name.`,
    );
  }
  const texts = createTextChecker(findings, { typed: parquet });
  const checkContent = createContentChecker(findings);
  const file = createFileChecker(findings);
  const lengths = tokenizer === undefined ? null : createLengthChecker(tokenizer, maxLength, findings);
  const bias = createLengthBiasCounter();
  const style = createStyleGapCounter();
  let known: DatasetFormat | null = format === 'auto' ? null : format;
  let rows = 0;

  for await (const { line, row } of readDatasetRows(path, parquet, { findings, signal })) {
    rows += 1;
    texts.add(row, line);
    file.add(row, line);
    known ??= detectFormat(basename(path), row);
    if (known === null) {
      findings.add('unknown-format', line, describeUnknown(row));
      continue;
    }
    checkMarks(row, known, line, findings);
    const example = readExample(row, known, line, findings);
    if (example === null) continue;
    checkExample(example, known, line, findings);
    checkContent(row, example, line);
    const [chosen, rejected] = example.responses.map(textOf);
    if (chosen !== undefined && rejected !== undefined) {
      bias.add({ preferred: chosen, rejected });
      style.add({ preferred: chosen, rejected });
    }
    await lengths?.add(example, line);
  }
  texts.end();
  file.end(known);
  const lengthBias = bias.result();
  const biased = lengthBias === null ? null : describeLengthBias(lengthBias);
  if (biased !== null) findings.add('length-bias', null, `In the file ${biased}`);
  const styleGap = style.result();
  if (styleGap !== null) {
    for (const sentence of describeStyleGap(styleGap)) findings.add('style-gap', null, sentence);
  }

  const counts = [...findings.counts];
  const total = (level: 'error' | 'warning') =>
    counts.reduce((sum, [kind, count]) => sum + (FINDING_KINDS[kind].level === level ? count : 0), 0);
  const report: DatasetReport = {
    schema: 'aloe-dataset-check/1',
    file: basename(path),
    fileType: parquet ? 'parquet' : 'jsonl',
    format: known,
    rows,
    errors: total('error'),
    warnings: total('warning'),
    counts: Object.fromEntries(counts) as Partial<Record<FindingKind, number>>,
    findings: findings.kept,
    lengthBias,
    styleGap,
    tokens: lengths?.result() ?? null,
  };
  return displayed(report, describeDataset);
}

/** Whether the file name claims a type that the content does not have. */
function isMisnamed(path: string, parquet: boolean): boolean {
  const extension = extname(path).toLowerCase();
  return parquet ? ['.json', '.jsonl', '.ndjson'].includes(extension) : extension === '.parquet';
}

function textOf({ messages }: Response): string {
  return messages.map(({ content }) => content).join('\n');
}

function checkOptions(path: string, format: DatasetFormat | 'auto', options: ValidateDatasetOptions) {
  checkKnownOptions<ValidateDatasetOptions>('validateDataset()', options, {
    tokenizer: true,
    maxLength: true,
    maxFindings: true,
    signal: true,
  });
  const { tokenizer, signal } = options;
  checkPath('path', path, 'a file path');
  checkChoice('format', format, ['auto', ...DATASET_FORMATS]);
  if (tokenizer !== undefined) {
    checkMethod('tokenizer', tokenizer, 'countTokens', 'a tokenizer (an object with id and countTokens())');
  } else if (options.maxLength !== undefined) {
    throw new InvalidOptionError('maxLength', 'no value without a tokenizer', options.maxLength, {
      hint: 'Set tokenizer too.',
    });
  }
  return {
    tokenizer,
    signal,
    maxLength:
      options.maxLength === undefined
        ? null
        : checkNumber('maxLength', options.maxLength, { min: 1, integer: true }),
    maxFindings: checkNumber('maxFindings', options.maxFindings ?? 20, { min: 1, integer: true }),
  };
}

function describeUnknown(row: Readonly<Record<string, unknown>>): string {
  const { schema } = row;
  return typeof schema === 'string'
    ? `The row has the schema ${quote(schema)}, so this is not a training file.`
    : `The row has the columns ${Object.keys(row).join(', ')}.`;
}
