import type { Message, MessageRole } from '../messages.ts';

/** Role names in common chat data: those of OpenAI and of ShareGPT. */
const ROLES: Readonly<Record<string, MessageRole>> = {
  system: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  gpt: 'assistant',
};

/**
 * Reads a row of chat data in a common shape, such as CodeActInstruct's: a list under `messages` or `conversations`, each
 * message with `role` and `content` or with `from` and `value`. Null for anything else, including tool calls and images.
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

/** Indexes of the assistant messages to train on: those that are not empty and follow a well-formed conversation. */
export function trainableTurns(messages: readonly Message[]): number[] {
  const start = messages[0]?.role === 'system' ? 1 : 0;
  const turns: number[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    if (index < start) continue;
    // Nothing after a message that is out of turn or empty can be trained on.
    if (role !== ((index - start) % 2 === 0 ? 'user' : 'assistant') || content.trim() === '') break;
    if (role === 'assistant') turns.push(index);
  }
  return turns;
}

/** Whether no character was cut: the text has no lone surrogate and no U+FFFD. */
function isWholeText(content: unknown): content is string {
  return typeof content === 'string' && content.isWellFormed() && !content.includes('\uFFFD');
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
