import type { TemplateMessage } from '../tokenizers/tokenizer.ts';
import { type DatasetFormat, ROW_RULES } from './dataset-formats.ts';
import { type Findings, quote } from './findings.ts';
import { MessageReader } from './message-reader.ts';

/** A row as the trainer sees it: the prompt, and the responses to learn from. */
export interface Example {
  readonly prompt: readonly TemplateMessage[];
  readonly responses: readonly Response[];
}

/** One response of a row, as messages. */
export interface Response {
  /** Name of its column. */
  readonly name: string;
  readonly messages: readonly TemplateMessage[];
}

type Row = Readonly<Record<string, unknown>>;

/** Keys that OpenAI accepts in `input`. */
const INPUT_KEYS: readonly string[] = ['messages', 'tools', 'parallel_tool_calls'];

/** Splits a row into prompt and responses. Returns null and adds findings if a part is missing. */
export function readExample(
  row: Row,
  format: DatasetFormat,
  line: number,
  findings: Findings,
): Example | null {
  const rules = ROW_RULES[format];
  const promptColumn =
    rules.conversations && !Object.hasOwn(row, rules.prompt) && Object.hasOwn(row, 'conversations')
      ? 'conversations'
      : rules.prompt;
  checkColumns(row, format, promptColumn, line, findings);
  const reader = new MessageReader(line, findings);

  const responses: Response[] = [];
  for (const name of rules.responses) {
    const messages = reader.response(row[name], name, rules);
    if (messages === null) return null;
    responses.push({ name, messages });
  }
  if (format === 'trl-dpo' && !Object.hasOwn(row, 'prompt')) {
    findings.add(
      'implicit-prompt',
      line,
      'The row has no prompt column: chosen and rejected are whole conversations.',
    );
    return splitSharedStart(responses);
  }
  const prompt =
    rules.prompt === 'input' ? reader.input(row.input) : reader.prompt(row[promptColumn], promptColumn);
  if (prompt === null) return null;
  if (rules.responses.length > 0) return { prompt, responses };
  return { prompt: prompt.slice(0, -1), responses: [{ name: promptColumn, messages: prompt.slice(-1) }] };
}

function checkColumns(
  row: Row,
  format: DatasetFormat,
  prompt: string,
  line: number,
  findings: Findings,
): void {
  const { responses, optional, hosted } = ROW_RULES[format];
  const needed = format === 'trl-dpo' ? responses : [prompt, ...responses];
  for (const column of needed) {
    if (!Object.hasOwn(row, column)) findings.add('missing-column', line, `${format} needs ${column}.`);
  }
  if (!hosted) return;
  const strays = strayKeys(row, [prompt, ...responses, ...optional]);
  if (prompt === 'input') strays.push(...strayKeys(row.input, INPUT_KEYS).map((key) => `input.${key}`));
  for (const key of strays) findings.add('stray-key', line, `${quote(key)} is not a key of ${format}.`);
}

function strayKeys(value: unknown, known: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).filter((key) => !known.includes(key));
}

/** Takes the messages both responses begin with as the prompt, as TRL does. */
function splitSharedStart(responses: readonly Response[]): Example {
  const [first, second] = responses.map(({ messages }) => messages) as [
    readonly TemplateMessage[],
    readonly TemplateMessage[],
  ];
  let shared = 0;
  while (
    shared < first.length &&
    first[shared]!.role === second[shared]?.role &&
    first[shared]!.content === second[shared]?.content
  ) {
    shared += 1;
  }
  return {
    prompt: first.slice(0, shared),
    responses: responses.map(({ name, messages }) => ({ name, messages: messages.slice(shared) })),
  };
}
