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
