import type { Message } from '../messages.ts';

/** The last turns of a conversation, starting with a user message. Default: the whole conversation. */
export function lastTurns(conversation: readonly Message[], turns: number = Infinity): readonly Message[] {
  const starts = conversation.flatMap(({ role }, index) => (role === 'user' ? [index] : []));
  return turns >= starts.length
    ? conversation
    : conversation.slice(starts[starts.length - turns] ?? conversation.length);
}
