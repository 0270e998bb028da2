import type { Message } from '../messages.ts';

/** The last turns of a conversation, beginning with a user's message; all of it where no number is given. */
export function lastTurns(conversation: readonly Message[], turns: number = Infinity): readonly Message[] {
  const starts = conversation.flatMap(({ role }, index) => (role === 'user' ? [index] : []));
  return turns >= starts.length
    ? conversation
    : conversation.slice(starts[starts.length - turns] ?? conversation.length);
}
