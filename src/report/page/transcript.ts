import type { TurnNode } from '../../conversations/conversation-tree.ts';
import type { EvaluatedTurn } from '../../evaluation/evaluated-case.ts';
import type { Message } from '../../messages.ts';

/** The messages of an evaluated conversation, up to and including the response of a turn. */
export function playedMessages(turns: readonly EvaluatedTurn[], until: number): Message[] {
  return turns
    .filter(({ turn }) => turn <= until)
    .flatMap(({ user, response }): Message[] => [
      { role: 'user', content: user },
      { role: 'assistant', content: response },
    ]);
}

/** One line of JSON: `{ messages }`. */
export function messagesRow(messages: readonly Message[]): string {
  return JSON.stringify({ messages: messages.map(({ role, content }) => message(role, content)) });
}

/** The messages as Markdown, each quoted under its role. */
export function messagesMarkdown(messages: readonly Message[]): string {
  return messages.map(({ role, content }) => quoted(ROLES[role], content)).join('\n\n');
}

/**
 * The pair of a decision point as one line of JSON: the row that `trlDpo()` writes.
 *
 * @param conversation ends with the user's message.
 */
export function pairRow(conversation: readonly Message[], { preferred, rejected }: TurnNode): string {
  return JSON.stringify({
    prompt: conversation.map(({ role, content }) => message(role, content)),
    chosen: [message('assistant', preferred.text.trim())],
    rejected: [message('assistant', rejected.text.trim())],
  });
}

/** The pair as Markdown: the conversation, then both responses. */
export function pairMarkdown(conversation: readonly Message[], { preferred, rejected }: TurnNode): string {
  return [
    messagesMarkdown(conversation),
    quoted('Preferred response', preferred.text.trim()),
    quoted('Rejected response', rejected.text.trim()),
  ].join('\n\n');
}

/** A turn of several candidates as Markdown: what each user wrote, the response and its score. */
export function comparedMarkdown(
  turn: number,
  sides: readonly { readonly name: string; readonly played: EvaluatedTurn | undefined }[],
): string {
  const parts = sides.flatMap(({ name, played }) => {
    if (played === undefined) return [`**${name}: not reached**`];
    const { user, response, judgement } = played;
    const score = judgement.score === null ? 'no score' : `score ${judgement.score}`;
    return [quoted(`User of ${name}`, user), quoted(`${name}, ${score}`, response)];
  });
  return [`Turn ${turn}`, ...parts].join('\n\n');
}

const ROLES: Readonly<Record<Message['role'], string>> = {
  system: 'System',
  user: 'User',
  assistant: 'Assistant',
};

/** As exporters write it: without lone surrogates. */
function message(role: Message['role'], content: string): Message {
  return { role, content: content.toWellFormed() };
}

function quoted(heading: string, text: string): string {
  return `**${heading}**\n\n${text.replace(/^/gm, '> ')}`;
}
