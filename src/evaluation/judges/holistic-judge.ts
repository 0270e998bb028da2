import { z } from 'zod';
import { checkNumber } from '../../internal/options.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { lockPrompt } from '../../models/locked-prompt.ts';
import { type Prompt, promptName } from '../../models/prompt.ts';
import type { Judge, JudgeCallOptions, JudgeInput, Judgement } from '../judge.ts';
import { exampleConversation, examplePersona, exampleResponse } from '../prompts/example-variables.ts';
import { type JudgePromptVariables, judgePrompt } from '../prompts/judge.ts';
import { failedJudgement } from './failed-judgement.ts';
import { type JudgeModelOptions, judgeModel } from './judge-model.ts';
import { combineVotes, voteOptions } from './votes.ts';

export interface HolisticJudgeOptions extends JudgeModelOptions {
  /** Default: the prompt of this library. */
  readonly prompt?: Prompt<JudgePromptVariables> | undefined;
  /** Sampling temperature, 0 or more. Default 0, with several samples 0.7. */
  readonly temperature?: number | undefined;
  /** How often each response is judged. With more than one the score is the mean, and all verdicts are kept. Default 1. */
  readonly samples?: number | undefined;
}

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
  const { prompt = judgePrompt } = options;
  const samples = checkNumber('samples', options.samples ?? 1, { min: 1, integer: true });
  const asked = judgeModel(model, {
    ...options,
    temperature: options.temperature ?? (samples > 1 ? 0.7 : 0),
  });
  const id = `holistic:${promptName(prompt)}:${samples > 1 ? `x${samples}:` : ''}${asked.name}`;

  async function judgeOnce(input: JudgeInput, judgeOptions: JudgeCallOptions): Promise<Judgement> {
    const {
      case: { persona },
      response,
    } = input;
    const conversation = asked.visible(input.conversation);
    const messages = prompt.messages({ persona, conversation, response });
    try {
      const verdict = await asked.ask({ name: 'verdict', schema: verdictSchema, messages }, judgeOptions);
      return { score: verdict.score, status: 'scored', rationale: verdict.rationale };
    } catch (error) {
      return failedJudgement(error, judgeOptions.signal);
    }
  }

  return {
    id,
    prompts: [
      lockPrompt(prompt, {
        persona: examplePersona,
        conversation: asked.visible(exampleConversation),
        response: exampleResponse,
      }),
    ],
    async judge(input, judgeOptions = {}) {
      if (input.response.trim() === '') return { score: null, status: 'no-response' };
      if (samples === 1) return judgeOnce(input, judgeOptions);
      const verdicts = await Promise.all(
        Array.from({ length: samples }, (_, index) => judgeOnce(input, voteOptions(judgeOptions, index))),
      );
      return combineVotes(verdicts.map((verdict) => ({ judge: id, ...verdict })));
    },
  };
}
