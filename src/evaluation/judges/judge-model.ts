import type * as z from 'zod';
import { checkChoice, checkMethod, checkNumber } from '../../internal/options.ts';
import { childSeed } from '../../internal/random.ts';
import type { Message } from '../../messages.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { generateStructured, type ParsedReply } from '../../models/structured.ts';
import type { JudgeCallOptions } from '../judge.ts';

/** Options shared by all judges that ask a model. */
export interface JudgeModelOptions {
  /** Sampling temperature, 0 or more. Default 0. */
  readonly temperature?: number | undefined;
  /** Token limit of a verdict. Default 300. */
  readonly maxOutputTokens?: number | undefined;
  /** Maximum number of attempts, including the first, when a verdict is malformed. Default 3. */
  readonly attempts?: number | undefined;
  /** Judge a response within its conversation (default), or alone, as the paper's code does. */
  readonly scope?: 'conversation' | 'response' | undefined;
}

/** The names of {@link JudgeModelOptions}, for the check of a judge's options. */
export const JUDGE_MODEL_OPTIONS = {
  temperature: true,
  maxOutputTokens: true,
  attempts: true,
  scope: true,
} as const;

/** A judge's model with its settings. */
export interface JudgeModel {
  /** Identifies everything that changes a verdict; part of the judge's id. */
  readonly name: string;
  /** The part of a conversation that the scope allows. */
  visible(conversation: readonly Message[]): readonly Message[];
  /**
   * @throws MalformedReplyError if no attempt gave a valid verdict. A reply with two different verdicts is invalid.
   * @throws ContentFilterError if the provider withheld the reply.
   */
  ask<Value>(
    request: {
      readonly name: string;
      readonly schema: z.ZodType<Value>;
      readonly messages: readonly Message[];
      /** Default: the JSON value in a reply, validated. */
      readonly read?: ((text: string) => ParsedReply<Value>) | undefined;
    },
    options: JudgeCallOptions,
  ): Promise<Value>;
}

const DEFAULT_TOKENS = 300;
const DEFAULT_ATTEMPTS = 3;

/**
 * @param defaultTokens Default of `maxOutputTokens`.
 * @throws InvalidOptionError if an option is out of range.
 */
export function judgeModel(
  model: ChatModel,
  options: JudgeModelOptions,
  defaultTokens: number = DEFAULT_TOKENS,
): JudgeModel {
  checkMethod('model', model, 'generate', 'a ChatModel');
  const temperature = checkNumber('temperature', options.temperature ?? 0, { min: 0 });
  const maxOutputTokens = checkNumber('maxOutputTokens', options.maxOutputTokens ?? defaultTokens, {
    min: 1,
    integer: true,
  });
  const attempts = checkNumber('attempts', options.attempts ?? DEFAULT_ATTEMPTS, { min: 1, integer: true });
  const scope = checkChoice('scope', options.scope ?? 'conversation', ['conversation', 'response']);
  const settings = [
    `t${temperature}`,
    ...(scope === 'response' ? ['alone'] : []),
    // What cuts verdicts off, or gives up on them, decides which are missing.
    ...(maxOutputTokens === defaultTokens ? [] : [`max${maxOutputTokens}`]),
    ...(attempts === DEFAULT_ATTEMPTS ? [] : [`attempts${attempts}`]),
  ];
  return {
    name: [...settings, model.id].join(':'),
    visible: (conversation) => (scope === 'conversation' ? conversation : []),
    ask: ({ name, schema, messages, read }, { signal, place, seed, run }) =>
      generateStructured(
        run?.model(model) ?? model,
        { messages, temperature, maxOutputTokens },
        {
          name,
          schema,
          read,
          attempts,
          unambiguous: true,
          signal,
          place,
          seedFor: seed === undefined ? undefined : (sample) => childSeed(seed, sample),
        },
      ),
  };
}
