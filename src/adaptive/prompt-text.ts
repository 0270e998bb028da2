import { type Message, user } from '../messages.ts';
import type { Prompt } from '../models/prompt.ts';
import type { AdaptedResponseVariables } from './adapted-response.ts';
import type { AiSdkMessage, AiSdkPart } from './ai-sdk-model.ts';

/**
 * What user and assistant have said, up to and including the user's last message. Images and files become a mark such as
 * `[image/png]`; reasoning, tool calls and their results are left out.
 */
export function conversationOf(prompt: readonly AiSdkMessage[]): Message[] {
  const last = prompt.findLastIndex(({ role }) => role === 'user');
  return prompt.slice(0, last + 1).flatMap(({ role, content }): Message[] => {
    if (role !== 'user' && role !== 'assistant') return [];
    const text = typeof content === 'string' ? content : content.flatMap(wordsOf).join('\n');
    return text === '' && role === 'assistant' ? [] : [{ role, content: text }];
  });
}

function wordsOf({ type, text, mediaType }: AiSdkPart): string[] {
  if (type === 'text') return typeof text === 'string' && text !== '' ? [text] : [];
  return type === 'file' ? [`[${typeof mediaType === 'string' ? mediaType : 'file'}]`] : [];
}

/**
 * The prompt with the preferences in it. The response prompt is given the text of the user's last message alone. What it
 * makes of that text replaces it, and system messages that it adds come first. All else is left as it was.
 */
export function adaptedPrompt(
  prompt: readonly AiSdkMessage[],
  response: Prompt<AdaptedResponseVariables>,
  preferences: readonly string[],
): AiSdkMessage[] {
  const last = prompt.findLastIndex(({ role }) => role === 'user');
  const { content, ...message } = prompt[last]!;
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  const position = parts.findLastIndex(({ type }) => type === 'text');
  const text = String(parts[position]?.text ?? '');
  const adapted = response.messages({ messages: [user(text)], preferences });
  const adaptedText = adapted.findLast(({ role }) => role === 'user')?.content ?? text;
  return [
    ...adapted.filter(({ role }) => role === 'system'),
    ...prompt.slice(0, last),
    { ...message, content: withText(parts, position, text, adaptedText) },
    ...prompt.slice(last + 1),
  ];
}

/**
 * Replaces a text part. A part with provider options is left alone, since they may mark the end of a cached prefix: what
 * was appended becomes a part of its own.
 */
function withText(parts: readonly AiSdkPart[], position: number, text: string, adapted: string): AiSdkPart[] {
  const part = parts[position];
  if (part === undefined) return [...parts, { type: 'text', text: adapted.trim() }];
  const separate = part.providerOptions !== undefined && adapted.startsWith(text);
  const replaced = separate
    ? [part, { type: 'text', text: adapted.slice(text.length).trim() }]
    : [{ ...part, text: adapted }];
  return [...parts.slice(0, position), ...replaced, ...parts.slice(position + 1)];
}
