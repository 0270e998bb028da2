import type { TemplateMessage } from '../../tokenizers/tokenizer.ts';
import type { RowRules } from './dataset-formats.ts';
import { type Findings, quote } from './findings.ts';

type Row = Readonly<Record<string, unknown>>;

/** Turns the parts of one row into messages. */
export class MessageReader {
  readonly #line: number;
  readonly #findings: Findings;

  constructor(line: number, findings: Findings) {
    this.#line = line;
    this.#findings = findings;
  }

  prompt(value: unknown, name: string): TemplateMessage[] | null {
    return typeof value === 'string' ? this.#plain(value, name, 'user') : this.#list(value, name);
  }

  /** The messages in the `input` of hosted services. */
  input(value: unknown): TemplateMessage[] | null {
    if (value === undefined) return null;
    const messages =
      typeof value === 'object' && value !== null && 'messages' in value ? value.messages : null;
    return this.#list(messages ?? null, 'input.messages');
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
