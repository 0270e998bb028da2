import { type BenchmarkCase, caseUserShape, personaDriftSchema } from '../benchmark/benchmark-case.ts';
import { caseSituationsSchema } from '../benchmark/situation.ts';
import { MAX_TURNS } from '../conversations/conversation-tree.ts';
import {
  checkSettings,
  DEFAULT_ATTEMPTS,
  type GenerationSettings,
} from '../conversations/generation-settings.ts';
import type { InductionVariables } from '../conversations/prompts/induction.ts';
import { type RolePlayerVariables, rolePlayerPrompt } from '../conversations/prompts/role-player.ts';
import {
  type CheckedUserCheckOptions,
  checkUserCheckOptions,
  type UserCheckOptions,
  withRun,
} from '../conversations/user-checks/user-check-options.ts';
import { InvalidOptionError } from '../errors.ts';
import {
  type CheckedOptions,
  callback,
  checkOptions,
  orNull,
  refuseUnknownOptions,
  type Scalars,
  wholeNumber,
  withMethod,
} from '../internal/option-checks.ts';
import { checkMethod } from '../internal/options.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { Prompt } from '../models/prompt.ts';
import { personaSchema } from '../personas/persona.ts';
import { checkRun, type Run } from '../runs/run.ts';
import type { Candidate } from './candidate.ts';
import { type CheckedCostOptions, type CostOptions, checkCostOptions } from './costs/cost-options.ts';
import type { EvaluationEvent } from './evaluation-events.ts';
import type { Judge } from './judge.ts';
import { checkJudge } from './judged-turn.ts';
import { holisticJudge } from './judges/holistic-judge.ts';
import { checkOtherPersona, type OtherPersonaDraw } from './personal/draw-other.ts';
import type { JudgePromptVariables } from './prompts/judge.ts';
import { simulationSubject } from './repeats.ts';
import { checkShownTurns, type ShownTurns, type ShownTurnsOptions } from './shown-turns.ts';

/** Options of {@link AloeEvaluator}. */
export interface AloeEvaluatorOptions {
  /** Records every call and gives the seeds. Default: a run in memory with seed 0. */
  readonly run?: Run | undefined;
  /** Plays the user in every case. Pass it without a run around it. */
  readonly user: ChatModel;
  /**
   * Rates every response. A model becomes a `holisticJudge`. A judge of your own gets the run with each call, so that it can
   * have its calls recorded.
   */
  readonly judge: Judge | ChatModel;
  /** The benchmark: at least one case, each with an id of its own. */
  readonly cases: readonly BenchmarkCase[];
  /**
   * Says what the user has revealed after each message, for the revelation curve. A model runs alongside the candidate.
   * `words` counts what messages say in the persona's own words: no model, and a lower bound. Default: no curve.
   */
  readonly inducer?: ChatModel | 'words' | undefined;
  /**
   * Judges each response a second time, for the persona of another case, to tell whether its level is personal. The other
   * case is drawn once per case and shares neither profile nor personality with it: `any` such case, or an `opposite` one,
   * with the most contrary rules, for cases that have rules. One more judgement per turn. False: own minus other is not
   * measured. Default `any`.
   */
  readonly otherPersona?: OtherPersonaDraw | false | undefined;
  /**
   * Also asks what the costs of alignment are read from, beside each response's length and phrases, which are free: after
   * the last turn of each case, a false claim and an errand for somebody else, and a judge's yes-or-no questions.
   * Default false.
   */
  readonly costs?: boolean | CostOptions | undefined;
  /**
   * Is asked after each case which habits its user showed, whether or not they were asked for, if any case has habits. One
   * call per simulation. Scores do not depend on it. Default: only typos are measured, by a rule.
   */
  readonly habitCheck?: ChatModel | undefined;
  /** Turns per conversation, at most 450. Default 10, as in the paper. */
  readonly turns?: number | undefined;
  /**
   * Simulations of each case, each with seeds of its own. From 2 on, the result says how much of its uncertainty comes from
   * the cases and how much from chance within a case. More repeats re-buy nothing. Default 1.
   */
  readonly repeats?: number | undefined;
  /** Attempts of the simulated user to write a valid message, before its case ends. Default 3. */
  readonly attempts?: number | undefined;
  /** How strictly user messages are checked. Default: at most two statements of the persona per message, no model. */
  readonly userChecks?: UserCheckOptions | undefined;
  /**
   * How many of the last turns the user and the candidate see, the current one included. Default: all.
   */
  readonly shownTurns?: ShownTurnsOptions | undefined;
  /**
   * Simulations played at the same time, with up to three calls in flight each. Default: the run's `concurrency`, twice as
   * many for the last ones, so that no call slot stays empty, and 10,000 if a model answers in batches.
   */
  readonly concurrency?: number | undefined;
  /**
   * Prompts to use instead of the built-in ones. A weak model as `user` needs `steeredRolePlayerPrompt`. `judge` applies if the
   * judge is given as a model.
   */
  readonly prompts?:
    | {
        readonly user?: Prompt<RolePlayerVariables> | undefined;
        readonly inducer?: Prompt<InductionVariables> | undefined;
        readonly judge?: Prompt<JudgePromptVariables> | undefined;
      }
    | undefined;
  /** How user messages are sampled. Default: temperature 0.8, at most 300 tokens, as in conversations. */
  readonly userMessages?: GenerationSettings | undefined;
  /** How responses are sampled. Default: the provider's settings. */
  readonly responses?: GenerationSettings | undefined;
  /** Called with every event, for progress displays and logs. */
  readonly onEvent?: ((event: EvaluationEvent) => void) | undefined;
}

/** The options of {@link AloeEvaluatorOptions} that are numbers. */
export const evaluatorScalars: Scalars<Record<'turns' | 'repeats' | 'attempts', number>> = {
  turns: wholeNumber({ min: 1, max: MAX_TURNS }, 10, 'Turns per case.'),
  repeats: wholeNumber({ min: 1 }, 1, 'Simulations of each case.'),
  attempts: wholeNumber(
    { min: 1 },
    DEFAULT_ATTEMPTS,
    'Attempts of the simulated user to write a valid message.',
  ),
};

/** The options with their defaults: models with the run around them, and a model as judge turned into one. */
export type CheckedEvaluatorOptions = CheckedOptions<
  AloeEvaluatorOptions,
  {
    readonly judge: Judge;
    readonly inducer: ChatModel | 'words' | null;
    /** Null: as many as suit the models. */
    readonly concurrency: number | null;
    readonly otherPersona: OtherPersonaDraw | null;
    readonly costs: CheckedCostOptions | null;
    readonly habitCheck: ChatModel | null;
    readonly shownTurns: ShownTurns;
    readonly userChecks: CheckedUserCheckOptions;
    readonly prompts: {
      readonly user: Prompt<RolePlayerVariables>;
      readonly inducer: Prompt<InductionVariables> | undefined;
    };
  }
>;

/** The models of checked options, apart from the candidate, without the run around them. */
export function modelsOf(options: AloeEvaluatorOptions, judge: Judge): ChatModel[] {
  const { user, inducer, habitCheck, userChecks, costs } = options;
  return [
    user,
    ...(judge.models ?? []),
    ...[inducer, habitCheck, userChecks?.model, typeof costs === 'object' ? costs.judge : undefined].filter(
      (model) => typeof model === 'object',
    ),
  ];
}

/** @throws InvalidOptionError naming the first option that is unknown or wrong. */
export function checkEvaluatorOptions(options: AloeEvaluatorOptions): CheckedEvaluatorOptions {
  const run = checkRun(options?.run);
  const checked = checkOptions<AloeEvaluatorOptions, CheckedEvaluatorOptions>('AloeEvaluator', options, {
    run: () => run,
    user: withMethod<ChatModel>('generate', 'a ChatModel'),
    judge: (given) => toJudge(given, options.prompts?.judge),
    cases: (given) => given,
    inducer: (given) => checkInducer(given) ?? null,
    otherPersona: checkOtherPersona,
    costs: checkCostOptions,
    habitCheck: (given, option) => {
      if (given !== undefined) checkMethod(option, given, 'generate', 'a ChatModel');
      return given ?? null;
    },
    ...evaluatorScalars,
    userChecks: checkUserCheckOptions,
    shownTurns: checkShownTurns,
    concurrency: orNull(wholeNumber({ min: 1 }, 1)),
    prompts: (given = {}) => {
      refuseUnknownOptions('prompts', given, ['user', 'inducer', 'judge']);
      return { user: given.user ?? rolePlayerPrompt, inducer: given.inducer };
    },
    userMessages: (given, option) => checkSettings(option, given),
    responses: (given, option) => checkSettings(option, given),
    onEvent: callback(() => {}),
  });
  checkCases(checked);
  checkJudge(checked.judge, checked.cases, run);
  const { costs } = checked;
  return {
    ...checked,
    costs: costs && { ...costs, judge: costs.judge && run.model(costs.judge) },
    habitCheck: checked.habitCheck && run.model(checked.habitCheck),
    user: run.model(checked.user),
    inducer:
      checked.inducer === null || checked.inducer === 'words' ? checked.inducer : run.model(checked.inducer),
    userChecks: withRun(checked.userChecks, run),
  };
}

/** Turns a model into a candidate named after its id. */
export function toCandidate(candidate: ChatModel | Candidate): Candidate {
  if (typeof candidate === 'object' && candidate !== null && 'generate' in candidate) {
    return { name: candidate.id, model: candidate };
  }
  if (typeof candidate !== 'object' || candidate === null) {
    throw new InvalidOptionError('candidate', 'a ChatModel or a Candidate', candidate);
  }
  checkMethod('candidate.model', candidate.model, 'generate', 'a ChatModel');
  if (typeof candidate.name !== 'string' || candidate.name === '') {
    throw new InvalidOptionError('candidate.name', 'a name for tables', candidate.name);
  }
  return candidate;
}

/** Turns a model into a holistic judge. */
export function toJudge(judge: Judge | ChatModel, prompt: Prompt<JudgePromptVariables> | undefined): Judge {
  if (typeof judge !== 'object' || judge === null || !('judge' in judge)) {
    checkMethod('judge', judge, 'generate', 'a Judge or a ChatModel');
    return holisticJudge(judge, { prompt });
  }
  checkMethod('judge', judge, 'judge', 'a Judge or a ChatModel');
  if (prompt !== undefined) {
    throw new InvalidOptionError('prompts.judge', 'no prompt, since this judge has its own', prompt);
  }
  return judge;
}

/** @throws InvalidOptionError unless it is a model, `words` or undefined. */
function checkInducer(inducer: ChatModel | 'words' | undefined): ChatModel | 'words' | undefined {
  if (inducer !== undefined && inducer !== 'words') {
    checkMethod('inducer', inducer, 'generate', 'a ChatModel, or "words"');
  }
  return inducer;
}

/** @throws InvalidOptionError if there are no cases, or one has a repeated id, no persona, or a drift beyond the last turn. */
function checkCases({ cases, turns, repeats }: CheckedEvaluatorOptions): void {
  if (!Array.isArray(cases) || cases.length === 0) {
    throw new InvalidOptionError('cases', 'at least one case', cases);
  }
  const subjects = new Set<string>();
  for (const [index, { id, persona, drift, situations, task, habits }] of cases.entries()) {
    const own = Array.from({ length: repeats }, (_, repeat) => simulationSubject(id, repeat + 1));
    if (typeof id !== 'string' || id === '' || own.some((subject) => subjects.has(subject))) {
      throw new InvalidOptionError(`cases[${index}].id`, 'a unique id', id);
    }
    if (!personaSchema.safeParse(persona).success) {
      throw new InvalidOptionError(`cases[${index}].persona`, 'a persona with facts and traits', persona);
    }
    if (drift !== undefined && !personaDriftSchema.safeParse(drift).success) {
      throw new InvalidOptionError(`cases[${index}].drift`, 'a persona and a turn from 2 on', drift);
    }
    if (drift !== undefined && drift.turn > turns) {
      throw new InvalidOptionError(`cases[${index}].drift`, `a turn from 2 to ${turns}`, drift.turn);
    }
    if (situations !== undefined && !caseSituationsSchema.safeParse(situations).success) {
      throw new InvalidOptionError(
        `cases[${index}].situations`,
        'situations with a name, a text and a trait, in the order of their turns',
        situations,
      );
    }
    if (!caseUserShape.habits.safeParse(habits).success) {
      throw new InvalidOptionError(`cases[${index}].habits`, 'habits with a name and a text', habits);
    }
    if (task !== undefined && (typeof task !== 'string' || task.trim() === '')) {
      throw new InvalidOptionError(`cases[${index}].task`, 'a text, such as "wants a toast written"', task);
    }
    for (const subject of own) subjects.add(subject);
  }
}
