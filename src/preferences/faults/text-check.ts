import { recentEntries } from '../../internal/recent-entries.ts';
import { wordsIn } from '../../internal/words.ts';
import type { Message } from '../../messages.ts';

/** The texts that a training example consists of. */
export interface TrainedTexts {
  /** The messages before the response, without a system message. */
  readonly conversation: readonly Message[];
  /** The response to learn. */
  readonly preferred: string;
  /** The response to learn from by contrast. Null in a demonstration. */
  readonly rejected: string | null;
}

/** What can be wrong with the content of a training example, as far as its texts show it. */
export type TextFault =
  | 'prompt-leak'
  | 'benchmark-overlap'
  | 'refusal'
  | 'assistant-voice'
  | 'wrong-language'
  | 'repetition'
  | 'near-identical';

/** One rule on the content of a training example. */
export interface TextCheck {
  readonly fault: TextFault;
  /** What gives the fault away, for a reader: the words, or a sentence. Null if there is no such fault. */
  find(texts: TrainedTexts): string | null;
}

/** The responses of an example. */
export function responsesOf({ preferred, rejected }: TrainedTexts): readonly string[] {
  return rejected === null ? [preferred] : [preferred, rejected];
}

/** Texts. A response is looked at once for each kind of format, after all others of its conversation. */
const RECENT = 500;

/** The same function, with the latest results kept. */
export function oncePerText<Value extends string | number | object>(
  compute: (text: string) => Value,
): (text: string) => Value {
  const known = recentEntries<Value>(RECENT);
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = compute(text);
    known.set(text, value);
    return value;
  };
}

/** The words of a text in lower case. Several rules compare them. */
export const wordsOf: (text: string) => readonly string[] = oncePerText((text) =>
  wordsIn(text.toLowerCase()),
);
