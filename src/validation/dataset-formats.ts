/** A format that {@link validateDataset} knows: those of the exporter, and `messages`, whole conversations of any origin. */
export type DatasetFormat =
  | 'trl-sft'
  | 'trl-dpo'
  | 'trl-kto'
  | 'messages'
  | 'openai-sft'
  | 'openai-preference'
  | 'axolotl-sft'
  | 'axolotl-dpo'
  | 'llama-factory-sft'
  | 'llama-factory-dpo';

export const DATASET_FORMATS: readonly DatasetFormat[] = [
  'trl-sft',
  'trl-dpo',
  'trl-kto',
  'messages',
  'openai-sft',
  'openai-preference',
  'axolotl-sft',
  'axolotl-dpo',
  'llama-factory-sft',
  'llama-factory-dpo',
];

/** Where the parts of a row are, and what its reader insists on. */
export interface RowRules {
  /** The column of the conversation. For whole conversations its last message is the response. */
  readonly prompt: 'prompt' | 'messages' | 'input';
  /** Whether the conversation may be under `conversations` instead, as ShareGPT has it. */
  readonly conversations: boolean;
  /** Columns with a response each; none for whole conversations. */
  readonly responses: readonly string[];
  /** Whether a response is a list with one message, or that message. */
  readonly response: 'list' | 'message';
  /** Columns beyond those; in a hosted format, which refuses any other. */
  readonly optional: readonly string[];
  readonly hosted: boolean;
  /** The trainer takes whole conversations and trains every message of them. */
  readonly trainsEverything: boolean;
}

const pair = ['chosen', 'rejected'] as const;

const whole: RowRules = {
  prompt: 'messages',
  conversations: false,
  responses: [],
  response: 'list',
  optional: [],
  hosted: false,
  trainsEverything: false,
};

const trl: RowRules = { ...whole, prompt: 'prompt' };

export const ROW_RULES: Readonly<Record<DatasetFormat, RowRules>> = {
  'trl-sft': { ...trl, responses: ['completion'] },
  'trl-dpo': { ...trl, responses: pair },
  'trl-kto': { ...trl, responses: ['completion'], optional: ['label'] },
  messages: { ...whole, conversations: true, trainsEverything: true },
  'openai-sft': {
    ...whole,
    optional: ['tools', 'parallel_tool_calls', 'functions'],
    hosted: true,
  },
  'openai-preference': {
    ...whole,
    prompt: 'input',
    responses: ['preferred_output', 'non_preferred_output'],
    hosted: true,
  },
  'axolotl-sft': whole,
  'axolotl-dpo': { ...whole, responses: pair, response: 'message' },
  'llama-factory-sft': whole,
  'llama-factory-dpo': { ...whole, responses: pair, response: 'message' },
};

/** Names that an export gives its data files. `messages` is no format of one. */
const EXPORTED = /^(?!messages)(?<format>[a-z-]+?)(-parquet)?\.(train|validation)\.[a-z]+$/;

/** The format of a file: by its name, where an export named it, else by the columns of a row. Null when neither tells. */
export function detectFormat(fileName: string, row: Readonly<Record<string, unknown>>): DatasetFormat | null {
  const has = (...columns: string[]) => columns.every((column) => Object.hasOwn(row, column));
  const name = EXPORTED.exec(fileName)?.groups?.format;
  const named = DATASET_FORMATS.find((format) => format === name);
  if (named !== undefined) return named;
  // This library's own files are no training files, though a preference record has the columns of one.
  if (typeof row.schema === 'string' && row.schema.startsWith('aloe-')) return null;
  if (has('input', 'preferred_output')) return 'openai-preference';
  if (has('prompt', 'completion', 'label')) return 'trl-kto';
  if (has('prompt', 'completion')) return 'trl-sft';
  if (has('chosen', 'rejected') && (has('messages') || has('conversations'))) return 'axolotl-dpo';
  if (has('chosen', 'rejected')) return 'trl-dpo';
  if (has('messages') || has('conversations')) return 'messages';
  return null;
}
