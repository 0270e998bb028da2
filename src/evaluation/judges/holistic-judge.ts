import { z } from 'zod';
import { describeError } from '../../internal/describe-error.ts';
import { endsRun } from '../../internal/ends-run.ts';
import { checkMethod, checkNumber } from '../../internal/options.ts';
import { childSeed } from '../../internal/random.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { generateStructured } from '../../models/structured.ts';
import { exampleConversation, examplePersona } from '../../prompts/example-variables.ts';
import { type JudgePromptVariables, judgePrompt } from '../../prompts/judge.ts';
import { lockPrompt } from '../../prompts/locked-prompt.ts';
import { type Prompt, promptName } from '../../prompts/prompt.ts';
import type { Judge } from '../judge.ts';

export interface HolisticJudgeOptions {
  /** Default: the prompt of this library. */
  readonly prompt?: Prompt<JudgePromptVariables> | undefined;
  /** Sampling temperature, 0 or more. Default 0. */
  readonly temperature?: number | undefined;
  /** Upper bound of a verdict's length, in tokens. Default 300. */
  readonly maxOutputTokens?: number | undefined;
  /** How often the model is asked in all when a verdict is malformed. Default 3. */
  readonly attempts?: number | undefined;
}

const EXAMPLE: JudgePromptVariables = {
  persona: examplePersona,
  conversation: exampleConversation,
  response: 'Then she pays.',
};

/** Models write scores as 4, "4" and "4/5". */
function readScore(value: unknown): unknown {
  const digit =
    typeof value === 'string' ? /^\s*([1-5])(?:\.0+)?\s*(?:\/\s*5)?\s*$/.exec(value)?.[1] : undefined;
  return digit === undefined ? value : Number(digit);
}

const verdictSchema = z.object({
  // Said to models that can be bound by it, so that a small one comes to its score; not demanded of the others.
  rationale: z.string().meta({ maxLength: 240 }),
  score: z.preprocess(readScore, z.int().min(1).max(5)),
});

/**
 * A judge that reads the persona, the conversation and the response, and gives one score of 1-5 for all that the paper
 * asks for: style that fits the personality, topic that fits the profile, human-like, engaging and concise. It gives its
 * reason first and the score after it.
 *
 * @throws InvalidOptionError for an option out of range.
 */
export function holisticJudge(model: ChatModel, options: HolisticJudgeOptions = {}): Judge {
  checkMethod('model', model, 'generate', 'a ChatModel');
  const { prompt = judgePrompt } = options;
  const temperature = checkNumber('temperature', options.temperature ?? 0, { min: 0 });
  const maxOutputTokens = checkNumber('maxOutputTokens', options.maxOutputTokens ?? 300, {
    min: 1,
    integer: true,
  });
  const attempts = checkNumber('attempts', options.attempts ?? 3, { min: 1, integer: true });
  return {
    prompts: [lockPrompt(prompt, EXAMPLE)],
    id: `holistic:${promptName(prompt)}:t${temperature}:${model.id}`,
    async judge({ case: { persona }, conversation, response }, { signal, place, seed, run } = {}) {
      if (response.trim() === '') return { score: null, status: 'no-response' };
      const messages = prompt.messages({ persona, conversation, response });
      try {
        const verdict = await generateStructured(
          run?.model(model) ?? model,
          { messages, temperature, maxOutputTokens },
          {
            name: 'verdict',
            schema: verdictSchema,
            attempts,
            signal,
            place,
            seedFor: seed === undefined ? undefined : (sample) => childSeed(seed, sample),
          },
        );
        return { score: verdict.score, status: 'scored', rationale: verdict.rationale };
      } catch (error) {
        signal?.throwIfAborted();
        if (endsRun(error)) throw error;
        const { code, message } = describeError(error);
        return {
          score: null,
          status: code === 'malformed-reply' ? 'malformed-verdict' : 'judge-failed',
          rationale: message,
        };
      }
    },
  };
}
