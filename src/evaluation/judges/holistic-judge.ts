import { showTexts } from '../../conversations/prompts/judged-material.ts';
import { InvalidOptionError } from '../../errors.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import { checkChoice, checkNumber } from '../../internal/options.ts';
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
import type { JudgePromptVariables } from '../prompts/judge.ts';
import { isSilent, silentJudgement } from '../silent-response.ts';
import { failedJudgement } from './failed-judgement.ts';
import { JUDGE_MODEL_OPTIONS, type JudgeModelOptions, judgeModel } from './judge-model.ts';
import { readVerdict } from './read-verdict.ts';
import { type JudgeRubric, RUBRICS, rubricParts, toJudgement } from './rubrics.ts';
import { combineVotes, voteOptions } from './votes.ts';

/** Options of {@link holisticJudge}. */
export interface HolisticJudgeOptions extends JudgeModelOptions {
  /**
   * What the model is asked for. `aspects`: which statements of the persona the response honours and violates, its tone, form
   * and uptake, and then the score. `paper`: one score for the paper's criteria. Scores of different rubrics are not
   * comparable. Default `aspects`.
   */
  readonly rubric?: JudgeRubric | undefined;
  /** A prompt of your own instead of a rubric. It asks for JSON with "rationale" and "score". Default: that of the rubric. */
  readonly prompt?: Prompt<JudgePromptVariables> | undefined;
  /** Sampling temperature, 0 or more. Default 0, or 0.7 with several samples. */
  readonly temperature?: number | undefined;
  /**
   * Verdicts per response. With several, the score is their mean, and all are kept in `votes`; if one has no score,
   * the response has none. Default 1.
   */
  readonly samples?: number | undefined;
}

/**
 * A judge that reads the persona, the conversation and the response, and gives a score from 1 to 5, after its reason and
 * the sub-scores of its rubric. The score is the model's own and not computed from sub-scores.
 *
 * JSON is asked for, but verdicts are read as a person would read them: "4", `Score: 4`, "4 out of 5". Two different ones
 * are none.
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
    rubric: true,
    prompt: true,
    samples: true,
  });
  if (options.prompt !== undefined && options.rubric !== undefined) {
    throw new InvalidOptionError('rubric', 'no rubric, since there is a prompt', options.rubric);
  }
  const rubric = checkChoice('rubric', options.rubric ?? 'aspects', RUBRICS);
  const { prompt, verdictOf } = rubricParts(rubric, options.prompt);
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
    const read = (text: string) => readVerdict(text, () => showTexts({ conversation, response }));
    try {
      const request = { name: 'verdict', schema: verdictOf(persona), messages, read };
      return toJudgement(await asked.ask(request, judgeOptions), persona);
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
