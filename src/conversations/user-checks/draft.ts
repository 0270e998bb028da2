import { cleanUserMessage } from '../clean-message.ts';
import { plainSpeech } from './phrases/plain-speech.ts';

/** A user message that is being checked, in the forms that checks need. */
export interface Draft {
  /** As the model wrote it. */
  readonly reply: string;
  /** Cleaned: what would enter the conversation. Line breaks have become spaces. */
  readonly text: string;
  /** The cleaned text by `plainSpeech`. */
  readonly spoken: string;
  /** The same with its line breaks, if cleaning changed nothing else. */
  readonly lines: string;
}

/** Cleans a reply and prepares it for the checks. */
export function toDraft(reply: string): Draft {
  const text = cleanUserMessage(reply);
  const spoken = plainSpeech(text);
  const unchanged = reply.trim().replace(/\s+/g, ' ') === text;
  return { reply, text, spoken, lines: unchanged ? plainSpeech(reply.trim()) : spoken };
}
