import { ContentFilterError, MalformedReplyError } from '../../errors.ts';
import type { Message } from '../../messages.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import type { CallPlace } from '../../models/place.ts';
import { withoutReasoning } from '../../models/without-reasoning.ts';
import { toWholeSentences } from '../clean-message.ts';

/** Verdict on a draft: the finished value, or the problem. */
export type Review<Value, Problem extends string> =
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false;
      /** `empty` at the token limit stops the attempts, since the next draft would be cut off too. */
      readonly problem: Problem | 'empty';
      /** The problem in words, shown to the model on the next attempt. */
      readonly reason?: string | undefined;
      /** Used if no attempt does better. */
      readonly fallback?: Value | undefined;
    };

export interface WriteTextOptions<Value, Problem extends string> {
  /** What is written, for error messages: `user message`. */
  readonly what: string;
  /** The option group that limits its length, for error messages. */
  readonly setting: string;
  /** The request. After an unusable draft, `correction` is the reason it was unusable. */
  readonly messages: (correction: string | undefined) => readonly Message[];
  readonly review: (
    draft: string,
    truncated: boolean,
  ) => Review<Value, Problem> | Promise<Review<Value, Problem>>;
  readonly temperature: number;
  readonly maxOutputTokens: number;
  /** Attempts in total. */
  readonly attempts: number;
  readonly place: CallPlace;
  readonly seedFor: (place: CallPlace) => number;
  readonly signal?: AbortSignal | undefined;
}

export interface WrittenText<Value, Problem extends string> {
  readonly value: Value;
  /** The problem of each unusable draft, in order. */
  readonly found: readonly (Problem | 'empty')[];
  /** The problem of the draft that was used as a fallback. */
  readonly kept: Problem | 'empty' | undefined;
}

/**
 * Has a model write a text. An unusable draft is requested again with a different seed and the reason, which appears
 * in that request only. A text that hits its token limit is cut back to its last complete sentence.
 *
 * @throws MalformedReplyError when no draft was usable and there is no fallback; it lists the problems of all drafts.
 * @throws ContentFilterError when the provider withheld all or part of the text.
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
        ? `${model.id} reached its token limit before writing a ${what}.`
        : `${model.id} wrote no valid ${what} in ${attempts} attempts (problems: ${[...new Set(found)].join(', ')}).`,
      response.text,
      { problems: found, hint: cut ? `Raise ${options.setting}.maxOutputTokens.` : undefined },
    );
  }
}
