import type { TemplateMessage } from '../tokenizers/tokenizer.ts';
import type { RowRules } from './dataset-formats.ts';
import { type Findings, quote } from './findings.ts';

type Row = Readonly<Record<string, unknown>>;

interface MessageKeys {
  readonly role: string;
  readonly content: string;
}

const CHAT_ML: MessageKeys = { role: 'role', content: 'content' };

/** TRL (1.13) accepts these keys only in the column `conversations`. It does not translate the roles. */
const SHARE_GPT: MessageKeys = { role: 'from', content: 'value' };

/** Reads the messages in the parts of one row. Adds a finding and returns null where there are none. */
export class MessageReader {
  readonly #line: number;
  readonly #findings: Findings;

  constructor(line: number, findings: Findings) {
    this.#line = line;
    this.#findings = findings;
  }

  prompt(value: unknown, name: string): TemplateMessage[] | null {
    if (typeof value === 'string') return this.#plain(value, name, 'user');
    return this.#list(value, name, name === 'conversations' ? SHARE_GPT : CHAT_ML);
  }

  /** Reads the `input` of hosted services. */
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
    this.#findings.add('plain-text', this.#line, `${name} is a string.`);
    return [{ role, content }];
  }

  #list(value: unknown, name: string, keys = CHAT_ML): TemplateMessage[] | null {
    // A missing column is reported elsewhere.
    if (value === undefined) return null;
    if (!Array.isArray(value) || value.length === 0) {
      this.#findings.add('wrong-type', this.#line, `${name} is ${quote(value)}, not a list of messages.`);
      return null;
    }
    const messages: TemplateMessage[] = [];
    for (const [index, item] of (value as unknown[]).entries()) {
      const message = this.#message(item, `${name}[${index}]`, keys);
      if (message === null) return null;
      messages.push(message);
    }
    return messages;
  }

  #message(value: unknown, name: string, keys = CHAT_ML): TemplateMessage | null {
    const members: Row = typeof value === 'object' && value !== null ? (value as Row) : {};
    const { [keys.role]: role, [keys.content]: content } = members;
    const text = typeof content === 'string' ? content : toolCalls(members);
    if (typeof role !== 'string' || text === null) {
      this.#findings.add(
        'wrong-type',
        this.#line,
        `${name} is ${quote(value)}, not a message with string ${keys.role} and ${keys.content}.`,
      );
      return null;
    }
    return { role, content: text };
  }
}

/** The tool calls of a message without text, as JSON, which is how templates render them. */
function toolCalls({ tool_calls: calls }: Row): string | null {
  return Array.isArray(calls) && calls.length > 0 ? JSON.stringify(calls) : null;
}
