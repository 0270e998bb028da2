import type { z } from 'zod';
import { checkChoice, checkMethod, checkNumber } from '../../internal/options.ts';
import { childSeed } from '../../internal/random.ts';
import type { Message } from '../../messages.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { generateStructured } from '../../models/structured.ts';
import type { JudgeCallOptions } from '../judge.ts';

/** What every judge that asks a model can be told. */
export interface JudgeModelOptions {
  /** Sampling temperature, 0 or more. Default 0. */
  readonly temperature?: number | undefined;
  /** Upper bound of a verdict's length, in tokens. Default 300. */
  readonly maxOutputTokens?: number | undefined;
  /** How often the model is asked in all when a verdict is malformed. Default 3. */
  readonly attempts?: number | undefined;
  /** Whether a response is judged in its conversation (default) or alone, as the paper's code does. */
  readonly scope?: 'conversation' | 'response' | undefined;
}

/** A model with the settings it is asked with. */
export interface JudgeModel {
  /** Names all of it that changes a verdict, for the id of a judge. */
  readonly name: string;
  /** As much of a conversation as the scope lets it see. */
  visible(conversation: readonly Message[]): readonly Message[];
  /**
   * @throws MalformedReplyError when no attempt gave a valid verdict; a reply with two different ones is none.
   * @throws ContentFilterError when the provider withheld it.
   */
  ask<Value>(
    request: {
      readonly name: string;
      readonly schema: z.ZodType<Value>;
      readonly messages: readonly Message[];
    },
    options: JudgeCallOptions,
  ): Promise<Value>;
}

/** @throws InvalidOptionError for an option out of range. */
export function judgeModel(model: ChatModel, options: JudgeModelOptions): JudgeModel {
  checkMethod('model', model, 'generate', 'a ChatModel');
  const temperature = checkNumber('temperature', options.temperature ?? 0, { min: 0 });
  const maxOutputTokens = checkNumber('maxOutputTokens', options.maxOutputTokens ?? 300, {
    min: 1,
    integer: true,
  });
  const attempts = checkNumber('attempts', options.attempts ?? 3, { min: 1, integer: true });
  const scope = checkChoice('scope', options.scope ?? 'conversation', ['conversation', 'response']);
  return {
    name: `t${temperature}:${scope === 'response' ? 'alone:' : ''}${model.id}`,
    visible: (conversation) => (scope === 'conversation' ? conversation : []),
    ask: ({ name, schema, messages }, { signal, place, seed, run }) =>
      generateStructured(
        run?.model(model) ?? model,
        { messages, temperature, maxOutputTokens },
        {
          name,
          schema,
          attempts,
          unambiguous: true,
          signal,
          place,
          seedFor: seed === undefined ? undefined : (sample) => childSeed(seed, sample),
        },
      ),
  };
}
