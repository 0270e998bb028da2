import { ContentFilterError, MalformedReplyError } from '../../errors.ts';
import type { Message } from '../../messages.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import type { CallPlace } from '../../models/place.ts';
import { withoutReasoning } from '../../models/without-reasoning.ts';
import { toWholeSentences } from '../clean-message.ts';

/** What became of a draft: what is made of it, or what is wrong with it. */
export type Review<Value, Problem extends string> =
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false;
      /** `empty` at the token limit ends the asking: the next draft would be cut as well. */
      readonly problem: Problem | 'empty';
      /** The problem in words, for the model that is asked again. */
      readonly reason?: string | undefined;
      /** What will do when nothing better comes. */
      readonly fallback?: Value | undefined;
    };

export interface WriteTextOptions<Value, Problem extends string> {
  /** As errors name it: `user message`. */
  readonly what: string;
  /** The option that bounds its length, as errors name it. */
  readonly setting: string;
  /** What the model is asked; after a draft of no use, with the reason of that. */
  readonly messages: (correction: string | undefined) => readonly Message[];
  readonly review: (
    draft: string,
    truncated: boolean,
  ) => Review<Value, Problem> | Promise<Review<Value, Problem>>;
  readonly temperature: number;
  readonly maxOutputTokens: number;
  /** How often the model is asked in all. */
  readonly attempts: number;
  readonly place: CallPlace;
  readonly seedFor: (place: CallPlace) => number;
  readonly signal?: AbortSignal | undefined;
}

export interface WrittenText<Value, Problem extends string> {
  readonly value: Value;
  /** The problem of each draft that was turned away, in order. */
  readonly found: readonly (Problem | 'empty')[];
  /** The problem of the draft that had to do. */
  readonly kept: Problem | 'empty' | undefined;
}

/**
 * Has a model write a text, and asks again for one that is of no use: with another seed, and with the reason, which is
 * in that request only. A text that ran into its token limit is cut back to its last whole sentence.
 *
 * @throws MalformedReplyError when no draft was of use and none will do, with the problems of all.
 * @throws ContentFilterError when the provider withheld the text, or a part of it.
 */
export async function writeText<Value, Problem extends string>(
  model: ChatModel,
  options: WriteTextOptions<Value, Problem>,
): Promise<WrittenText<Value, Problem>> {
  const { what, attempts, place, temperature, maxOutputTokens, signal } = options;
  const found: (Problem | 'empty')[] = [];
  let correction: string | undefined;
  let fallback: { readonly value: Value; readonly kept: Problem | 'empty' } | undefined;
  for (let attempt = 0; ; attempt++) {
    const here = { ...place, sample: attempt };
    const messages = options.messages(correction);
    const response = await model.generate(
      { messages, temperature, maxOutputTokens, seed: options.seedFor(here) },
      { signal, place: here },
    );
    if (response.finishReason === 'content-filter') throw new ContentFilterError(model.id, `the ${what}`);
    const truncated = response.finishReason === 'length';
    const whole = withoutReasoning(response.text);
    const draft = truncated ? toWholeSentences(whole) : whole;
    const review = await options.review(draft, truncated);
    if (review.ok) return { value: review.value, found, kept: undefined };
    found.push(review.problem);
    correction = review.reason;
    if (review.fallback !== undefined) fallback ??= { value: review.fallback, kept: review.problem };
    const cut = truncated && review.problem === 'empty';
    if (!cut && attempt + 1 < attempts) continue;
    if (fallback !== undefined) return { ...fallback, found };
    throw new MalformedReplyError(
      cut
        ? `${model.id} used up its tokens before it wrote a ${what}.`
        : `${model.id} wrote no usable ${what} in ${attempts} attempts (${[...new Set(found)].join(', ')}).`,
      response.text,
      { problems: found, hint: cut ? `Raise ${options.setting}.maxOutputTokens.` : undefined },
    );
  }
}
