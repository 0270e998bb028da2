import * as z from 'zod';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import { checkNumber } from '../../internal/options.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { lockPrompt } from '../../models/locked-prompt.ts';
import { type Prompt, promptName } from '../../models/prompt.ts';
import type { Judge, JudgeCallOptions, JudgeInput, Judgement } from '../judge.ts';
import {
  exampleConversation,
  exampleErrand,
  examplePersona,
  exampleResponse,
} from '../prompts/example-variables.ts';
import { type JudgePromptVariables, judgePrompt } from '../prompts/judge.ts';
import { isSilent, silentJudgement } from '../silent-response.ts';
import { failedJudgement } from './failed-judgement.ts';
import { JUDGE_MODEL_OPTIONS, type JudgeModelOptions, judgeModel } from './judge-model.ts';
import { combineVotes, voteOptions } from './votes.ts';

/** Options of {@link holisticJudge}. */
export interface HolisticJudgeOptions extends JudgeModelOptions {
  /** Default: the built-in prompt. */
  readonly prompt?: Prompt<JudgePromptVariables> | undefined;
  /** Sampling temperature, 0 or more. Default 0, or 0.7 with several samples. */
  readonly temperature?: number | undefined;
  /** Verdicts per response. With several, the score is their mean, and all are kept in `votes`. Default 1. */
  readonly samples?: number | undefined;
}

/** Accepts what models write: 4, "4", "4/5". */
function readScore(value: unknown): unknown {
  const digit =
    typeof value === 'string' ? /^\s*([1-5])(?:\.0+)?\s*(?:\/\s*5\s*)?$/.exec(value)?.[1] : undefined;
  return digit === undefined ? value : Number(digit);
}

const verdictSchema = z.object({
  // Only a hint in the JSON schema: where decoding is constrained, it makes a small model reach its score. Not validated.
  rationale: z.string().meta({ maxLength: 240 }),
  score: z.preprocess(readScore, z.int().min(1).max(5)),
});

/**
 * A judge that reads the persona, the conversation and the response, and gives a single score from 1 to 5 for the
 * paper's criteria: style that fits the personality, topic that fits the profile, human-like, engaging and concise. The
 * model states its reason before the score.
 *
 * @example
 * ```ts
 * import { holisticJudge } from 'aloe-align';
 * import { openai } from 'aloe-align/models/openai';
 *
 * const judge = holisticJudge(openai('gpt-4o'), { samples: 3 });
 * ```
 *
 * @throws InvalidOptionError if an option is out of range.
 */
export function holisticJudge(model: ChatModel, options: HolisticJudgeOptions = {}): Judge {
  checkKnownOptions<HolisticJudgeOptions>('holisticJudge()', options, {
    ...JUDGE_MODEL_OPTIONS,
    prompt: true,
    samples: true,
  });
  const { prompt = judgePrompt } = options;
  const samples = checkNumber('samples', options.samples ?? 1, { min: 1, integer: true });
  const asked = judgeModel(model, {
    ...options,
    temperature: options.temperature ?? (samples > 1 ? 0.7 : 0),
  });
  const id = `holistic:${promptName(prompt)}:${samples > 1 ? `x${samples}:` : ''}${asked.name}`;

  async function judgeOnce(input: JudgeInput, judgeOptions: JudgeCallOptions): Promise<Judgement> {
    const {
      case: { persona, task },
      response,
    } = input;
    const conversation = asked.visible(input.conversation);
    const messages = prompt.messages({ persona, task, conversation, response });
    try {
      const verdict = await asked.ask({ name: 'verdict', schema: verdictSchema, messages }, judgeOptions);
      return { score: verdict.score, status: 'scored', rationale: verdict.rationale };
    } catch (error) {
      return failedJudgement(error, judgeOptions.signal);
    }
  }

  const example: JudgePromptVariables = {
    persona: examplePersona,
    conversation: asked.visible(exampleConversation),
    response: exampleResponse,
  };
  return {
    id,
    models: [model],
    prompts: [lockPrompt(prompt, example, { ...example, task: exampleErrand.task })],
    async judge(input, judgeOptions = {}) {
      if (isSilent(input.response)) return silentJudgement();
      if (samples === 1) return judgeOnce(input, judgeOptions);
      const verdicts = await Promise.all(
        Array.from({ length: samples }, (_, index) => judgeOnce(input, voteOptions(judgeOptions, index))),
      );
      return combineVotes(verdicts.map((verdict) => ({ judge: id, ...verdict })));
    },
  };
}
