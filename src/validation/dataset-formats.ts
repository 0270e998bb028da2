/** Formats that {@link validateDataset} knows: those of the exporter, and `messages` for whole conversations from any source. */
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

/** Where the parts of a row are, and what its reader requires. */
export interface RowRules {
  /** Column of the conversation. In whole conversations, the last message is the response. */
  readonly prompt: 'prompt' | 'messages' | 'input';
  /** Whether the column may be called `conversations` instead, as in ShareGPT. */
  readonly conversations: boolean;
  /** Columns with one response each; none for whole conversations. */
  readonly responses: readonly string[];
  /** Whether a response is a list of one message, or the message itself. */
  readonly response: 'list' | 'message';
  /** Other allowed columns. Only hosted formats are checked for unknown ones. */
  readonly optional: readonly string[];
  /** Whether it is for a hosted service, which rejects unknown keys. */
  readonly hosted: boolean;
  /** Whether trainers train on every message of a whole conversation by default. */
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

/** Data file names of an export. The exporter has no format called `messages`. */
const EXPORTED =
  /^(?!messages)(?<format>[a-z-]+?)(-rejected)?(-unmixed|-general)?(-parquet)?\.(train|validation)\.[a-z]+$/;

/** Detects the format of a file from its name, if an export named it, else from the columns of a row. Null if unknown. */
export function detectFormat(fileName: string, row: Readonly<Record<string, unknown>>): DatasetFormat | null {
  const has = (...columns: string[]) => columns.every((column) => Object.hasOwn(row, column));
  const name = EXPORTED.exec(fileName)?.groups?.format;
  const named = DATASET_FORMATS.find((format) => format === name);
  if (named !== undefined) return named;
  // A preference record has columns of a training file, but is not one.
  if (typeof row.schema === 'string' && row.schema.startsWith('aloe-')) return null;
  if (has('input', 'preferred_output')) return 'openai-preference';
  if (has('prompt', 'completion', 'label')) return 'trl-kto';
  if (has('prompt', 'completion')) return 'trl-sft';
  if (has('chosen', 'rejected') && (has('messages') || has('conversations'))) return 'axolotl-dpo';
  if (has('chosen', 'rejected')) return 'trl-dpo';
  if (has('messages') || has('conversations')) return 'messages';
  return null;
}
