import { cleanUserMessage } from '../clean-message.ts';
import { isEnglish } from './landmarks.ts';
import { plainSpeech } from './phrases/plain-speech.ts';

/** A user message that is being checked, in the forms that checks need. */
export interface Draft {
  /** Cleaned: what would enter the conversation. */
  readonly text: string;
  /** The cleaned text by `plainSpeech`. */
  readonly spoken: string;
  readonly isEnglish: boolean;
}

/** Cleans a reply and prepares it for the checks. */
export function toDraft(reply: string): Draft {
  const text = cleanUserMessage(reply);
  return { text, spoken: plainSpeech(text), isEnglish: isEnglish(text) };
}
