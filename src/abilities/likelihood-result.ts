import * as z from 'zod';

/** How likely a model finds one reply. */
export interface ReplyLikelihood {
  readonly id: string;
  /** Natural logarithm of the reply's probability, given the conversation before it. */
  readonly logLikelihood: number;
  /** Tokens of the reply, by the model's own tokenizer. */
  readonly tokens: number;
  /** UTF-8 bytes of the reply. */
  readonly bytes: number;
}

/** How well a model predicts good replies in general chat. */
export interface LikelihoodResult {
  /** SHA-256 of the conversations: results on other ones cannot be compared. */
  readonly texts: string;
  /** Bits per byte, which compares models of any tokenizer. Lower is better. */
  readonly bitsPerByte: number;
  /** Perplexity by token, which compares models of one tokenizer. Lower is better. */
  readonly perplexity: number;
  /** One entry per reply, in order. */
  readonly replies: readonly ReplyLikelihood[];
}

/** Schema of one entry, also of what the Python script prints. */
export const replyLikelihoodSchema: z.ZodType<ReplyLikelihood> = z.object({
  id: z.string(),
  logLikelihood: z.number(),
  tokens: z.int().min(1),
  bytes: z.int().min(1),
});

/** Schema of a {@link LikelihoodResult}. */
export const likelihoodSchema: z.ZodType<LikelihoodResult> = z.object({
  texts: z.string(),
  bitsPerByte: z.number(),
  perplexity: z.number(),
  replies: z.array(replyLikelihoodSchema).min(1),
});

/** Bits per byte of replies together. */
export function bitsPerByteOf(replies: readonly ReplyLikelihood[]): number {
  return -sum(replies, 'logLikelihood') / Math.LN2 / sum(replies, 'bytes');
}

/** Perplexity of replies together. */
export function perplexityOf(replies: readonly ReplyLikelihood[]): number {
  return Math.exp(-sum(replies, 'logLikelihood') / sum(replies, 'tokens'));
}

function sum(replies: readonly ReplyLikelihood[], key: 'logLikelihood' | 'tokens' | 'bytes'): number {
  return replies.reduce((total, reply) => total + reply[key], 0);
}
