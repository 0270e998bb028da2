import type { TemplateMessage, Tokenizer } from '../../tokenizers/tokenizer.ts';
import { detectFormat } from '../../validation/dataset-formats.ts';
import { isParquet, readDatasetRows } from '../../validation/dataset-rows.ts';
import { collectFindings } from '../../validation/findings.ts';
import { readExample } from '../../validation/read-example.ts';
import type { TrainingStage } from '../job/training-job.ts';

/** What a training file holds. */
export interface RowCounts {
  readonly rows: number;
  /** All tokens, after truncation to `max_length`. A pair counts with both responses, each with its prompt. */
  readonly tokens: number;
  /** Tokens of the longest sequence, after truncation. */
  readonly longest: number;
}

/** A rule of thumb for English. Other languages and code have fewer characters to a token. */
const CHARACTERS_PER_TOKEN = 4;

/** What a chat template adds to a message: its role and two marks. */
const TOKENS_PER_MESSAGE = 5;

/** Counts a stage's rows and their tokens. Rows that cannot be read are left out: `doctor` reports those. */
export async function countRows(
  { train }: TrainingStage,
  maxLength: number,
  {
    tokenizer,
    signal,
  }: { readonly tokenizer?: Tokenizer | undefined; readonly signal?: AbortSignal | undefined },
): Promise<RowCounts> {
  // Nobody reads them.
  const findings = collectFindings(1);
  let [rows, tokens, longest] = [0, 0, 0];
  for await (const { line, row } of readDatasetRows(train.path, await isParquet(train.path), {
    findings,
    signal,
  })) {
    rows += 1;
    const format = detectFormat(train.path, row);
    const example = format === null ? null : readExample(row, format, line, findings);
    for (const { messages } of example?.responses ?? []) {
      const length = Math.min(maxLength, await countTokens([...example!.prompt, ...messages], tokenizer));
      tokens += length;
      longest = Math.max(longest, length);
    }
  }
  return { rows, tokens, longest };
}

async function countTokens(
  messages: readonly TemplateMessage[],
  tokenizer: Tokenizer | undefined,
): Promise<number> {
  if (tokenizer !== undefined) return await tokenizer.countTokens(messages);
  return messages.reduce(
    (sum, { content }) => sum + TOKENS_PER_MESSAGE + Math.ceil(content.length / CHARACTERS_PER_TOKEN),
    0,
  );
}
