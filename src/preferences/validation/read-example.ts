import type { TemplateMessage } from '../../tokenizers/tokenizer.ts';
import { type DatasetFormat, ROW_RULES, type RowRules } from './dataset-formats.ts';
import { type Findings, quote } from './findings.ts';

/** A row as its trainer sees it: what is given, and what is to be learned. */
export interface Example {
  readonly prompt: readonly TemplateMessage[];
  readonly responses: readonly Response[];
}

export interface Response {
  /** Its column. */
  readonly name: string;
  readonly messages: readonly TemplateMessage[];
}

type Row = Readonly<Record<string, unknown>>;

/** Takes a row apart by the rules of its format. Null, with findings, when the parts are not there. */
export function readExample(
  row: Row,
  format: DatasetFormat,
  line: number,
  findings: Findings,
): Example | null {
  const rules = ROW_RULES[format];
  const promptColumn =
    rules.prompt === 'messages' && !Object.hasOwn(row, 'messages') ? 'conversations' : rules.prompt;
  checkColumns(row, format, promptColumn, line, findings);
  const reader = new PartReader(line, findings);

  const responses: Response[] = [];
  for (const name of rules.responses) {
    const messages = reader.response(row[name], name, rules);
    if (messages === null) return null;
    responses.push({ name, messages });
  }
  if (format === 'trl-dpo' && !Object.hasOwn(row, 'prompt')) {
    findings.add('implicit-prompt', line, 'There is no prompt; chosen and rejected are whole conversations.');
    return splitSharedStart(responses);
  }
  const given = rules.prompt === 'input' ? reader.inputMessages(row.input) : row[promptColumn];
  const prompt = reader.prompt(given, promptColumn);
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
  for (const column of Object.keys(row)) {
    if (![prompt, ...responses, ...optional].includes(column)) {
      findings.add('stray-key', line, `${quote(column)} is no key of ${format}.`);
    }
  }
}

/** Where `chosen` and `rejected` part. */
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

/** Turns the parts of one row into messages. */
class PartReader {
  readonly #line: number;
  readonly #findings: Findings;

  constructor(line: number, findings: Findings) {
    this.#line = line;
    this.#findings = findings;
  }

  prompt(value: unknown, name: string): TemplateMessage[] | null {
    return typeof value === 'string' ? this.#plain(value, name, 'user') : this.#list(value, name);
  }

  inputMessages(value: unknown): unknown {
    return typeof value === 'object' && value !== null && 'messages' in value ? value.messages : undefined;
  }

  response(value: unknown, name: string, { response }: RowRules): TemplateMessage[] | null {
    if (typeof value === 'string') return this.#plain(value, name, 'assistant');
    if (response === 'list') return this.#list(value, name);
    const message = this.#message(value, name);
    return message === null ? null : [message];
  }

  #plain(content: string, name: string, role: string): TemplateMessage[] {
    this.#findings.add('plain-text', this.#line, `${name} is a text.`);
    return [{ role, content }];
  }

  #list(value: unknown, name: string): TemplateMessage[] | null {
    // A column that is missing has its own finding.
    if (value === undefined) return null;
    if (!Array.isArray(value) || value.length === 0) {
      this.#findings.add('wrong-type', this.#line, `${name} is ${quote(value)}, not a list of messages.`);
      return null;
    }
    const messages: TemplateMessage[] = [];
    for (const [index, item] of (value as unknown[]).entries()) {
      const message = this.#message(item, `${name}[${index}]`);
      if (message === null) return null;
      messages.push(message);
    }
    return messages;
  }

  #message(value: unknown, name: string): TemplateMessage | null {
    const members: Row = typeof value === 'object' && value !== null ? (value as Row) : {};
    const role = members.role ?? members.from;
    const content = members.content ?? members.value;
    const text = typeof content === 'string' ? content : toolCalls(members);
    if (typeof role !== 'string' || text === null) {
      this.#findings.add(
        'wrong-type',
        this.#line,
        `${name} is ${quote(value)}, no message with role and content as texts.`,
      );
      return null;
    }
    return { role: ROLE_NAMES.get(role) ?? role, content: text };
  }
}

/** ShareGPT's words for who speaks. */
const ROLE_NAMES: ReadonlyMap<string, string> = new Map([
  ['human', 'user'],
  ['gpt', 'assistant'],
]);

/** A message without a text may call tools instead; templates write the calls as JSON. */
function toolCalls({ tool_calls: calls }: Row): string | null {
  return Array.isArray(calls) && calls.length > 0 ? JSON.stringify(calls) : null;
}
