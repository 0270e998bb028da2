import type { Message, MessageRole } from '../messages.ts';

/** How chat data in the wild names who speaks: OpenAI's words, and those of ShareGPT. */
const ROLES: Readonly<Record<string, MessageRole>> = {
  system: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  gpt: 'assistant',
};

/**
 * The messages of a chat row in one of the common shapes: a list under `messages` or `conversations`, each message with
 * `role` and `content` or with `from` and `value`. CodeActInstruct is such a file. Null for anything else, tool calls
 * and images too.
 */
export function chatMessages(row: unknown): Message[] | null {
  const list = member(row, 'messages') ?? member(row, 'conversations');
  if (!Array.isArray(list)) return null;
  const messages: Message[] = [];
  for (const item of list as unknown[]) {
    const name = member(item, 'role') ?? member(item, 'from');
    const content = member(item, 'content') ?? member(item, 'value');
    const role = typeof name === 'string' && Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;
    if (role === undefined || !isWholeText(content)) return null;
    messages.push({ role, content });
  }
  return messages;
}

/** Where in a conversation an assistant could be trained: after a dialogue, and with something to say. */
export function trainableTurns(messages: readonly Message[]): number[] {
  const start = messages[0]?.role === 'system' ? 1 : 0;
  const turns: number[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    if (index < start) continue;
    // What follows a message that breaks the alternation, or says nothing, cannot be trained on either.
    if (role !== ((index - start) % 2 === 0 ? 'user' : 'assistant') || content.trim() === '') break;
    if (role === 'assistant') turns.push(index);
  }
  return turns;
}

/** A text in which no character was cut: neither half of a surrogate pair nor U+FFFD. */
function isWholeText(content: unknown): content is string {
  return typeof content === 'string' && content.isWellFormed() && !content.includes('\uFFFD');
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
