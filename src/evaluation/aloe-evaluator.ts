import type { BenchmarkCase } from '../benchmark/benchmark-case.ts';
import {
  checkSettings,
  DEFAULT_ATTEMPTS,
  type GenerationSettings,
} from '../conversations/generation-settings.ts';
import { type RolePlayerVariables, rolePlayerPrompt } from '../conversations/prompts/role-player.ts';
import {
  type CheckedUserCheckOptions,
  checkUserCheckOptions,
  withRun,
} from '../conversations/user-checks/user-check-options.ts';
import { concurrentMap } from '../internal/concurrent-map.ts';
import { checkMethod, checkNumber } from '../internal/options.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { Prompt } from '../models/prompt.ts';
import { memoryRun, type Run } from '../runs/run.ts';
import type { Candidate } from './candidate.ts';
import { countCaseChecks } from './count-case-checks.ts';
import type { EvaluatedCase } from './evaluated-case.ts';
import type { EvaluationEvent } from './evaluation-events.ts';
import { lockEvaluation } from './evaluation-lock.ts';
import type { EvaluationRecord, EvaluationResult } from './evaluation-result.ts';
import {
  type AloeEvaluatorOptions,
  checkCases,
  checkInducer,
  toCandidate,
  toJudge,
} from './evaluator-options.ts';
import type { Judge } from './judge.ts';
import { checkCasesFor } from './judged-turn.ts';
import { playCase } from './play-case.ts';
import { checkShownTurns, type ShownTurns } from './shown-turns.ts';
import { summarize } from './summarize.ts';
import type { Induction } from './track-revelation.ts';

/** Options of {@link AloeEvaluator.evaluate}. */
export interface EvaluateOptions {
  /** Aborts the evaluation; `evaluate` rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures how well a model adapts to users it does not know. In each case a simulated user talks with the model for
 * several turns, and a judge who knows that user rates each response from 1 to 5.
 *
 * Every candidate meets the same users with the same seeds, so results can be compared case by case.
 *
 * @example
 * ```ts
 * import { AloeEvaluator, aloeCases, describeEvaluation, openRun } from 'aloe-align';
 * import { openai } from 'aloe-align/models/openai';
 *
 * const run = await openRun('runs/first', { seed: 7 });
 * const gpt = openai('gpt-4o');
 * const evaluator = new AloeEvaluator({ run, user: gpt, judge: gpt, cases: aloeCases() });
 * const result = await evaluator.evaluate(openai('gpt-4o-mini'));
 * console.log(describeEvaluation(result));
 * ```
 */
export class AloeEvaluator {
  readonly #run: Run;
  readonly #user: ChatModel;
  readonly #userPrompt: Prompt<RolePlayerVariables>;
  readonly #judge: Judge;
  readonly #cases: readonly BenchmarkCase[];
  readonly #turns: number;
  readonly #attempts: number;
  readonly #userChecks: CheckedUserCheckOptions;
  readonly #shownTurns: ShownTurns;
  readonly #induction: Induction | undefined;
  readonly #concurrency: number;
  readonly #response: GenerationSettings;
  readonly #userMessages: GenerationSettings;
  readonly #onEvent: (event: EvaluationEvent) => void;

  /** @throws InvalidOptionError if an option is invalid. No model is called here. */
  constructor(options: AloeEvaluatorOptions) {
    checkMethod('user', options.user, 'generate', 'a ChatModel');
    this.#turns = checkNumber('turns', options.turns ?? 10, { min: 1, integer: true });
    checkCases(options.cases, this.#turns);
    this.#response = checkSettings('responses', options.responses);
    this.#userMessages = checkSettings('userMessages', options.userMessages);
    this.#attempts = checkNumber('attempts', options.attempts ?? DEFAULT_ATTEMPTS, { min: 1, integer: true });
    this.#shownTurns = checkShownTurns(options.shownTurns);
    const inducer = checkInducer(options.inducer);
    const userChecks = checkUserCheckOptions(options.userChecks);
    this.#run = options.run ?? memoryRun();
    const concurrency = options.concurrency ?? this.#run.concurrency;
    this.#concurrency = checkNumber('concurrency', concurrency, { min: 1, integer: true });
    this.#user = this.#run.model(options.user);
    this.#userPrompt = options.prompts?.user ?? rolePlayerPrompt;
    this.#judge = toJudge(options.judge, options.prompts?.judge);
    this.#userChecks = withRun(userChecks, this.#run);
    this.#induction = inducer && {
      by: inducer === 'words' ? inducer : this.#run.model(inducer),
      prompt: options.prompts?.inducer,
    };
    this.#cases = options.cases;
    checkCasesFor(this.#judge, this.#cases);
    this.#onEvent = options.onEvent ?? (() => {});
  }

  /**
   * Plays all cases with a candidate. Failed cases and responses without a valid verdict are kept in the result, with
   * the reason.
   *
   * @throws InvalidOptionError if `candidate` is neither a `ChatModel` nor a `Candidate`. Errors that every call would
   * hit, such as a missing key or package, are rethrown. On abort, the signal's reason.
   */
  async evaluate(candidate: ChatModel | Candidate, options: EvaluateOptions = {}): Promise<EvaluationResult> {
    const own = toCandidate(candidate);
    const setting = {
      run: this.#run,
      user: this.#user,
      userPrompt: this.#userPrompt,
      candidate: own,
      model: this.#run.model(own.model),
      judge: this.#judge,
      induction: this.#induction,
      turns: this.#turns,
      attempts: this.#attempts,
      userChecks: this.#userChecks,
      shownTurns: this.#shownTurns,
      response: this.#response,
      userMessages: this.#userMessages,
      onEvent: this.#onEvent,
    };
    const played = new Map<string, EvaluatedCase>();
    for await (const evaluated of concurrentMap(
      this.#cases,
      (benchmarkCase, signal) => playCase(benchmarkCase, { ...setting, signal }),
      { concurrency: this.#concurrency, order: 'finish', signal: options.signal },
    )) {
      played.set(evaluated.caseId, evaluated);
    }
    const cases = this.#cases.map(({ id }) => played.get(id)!);
    const record = { ...this.#describe(own), userChecks: countCaseChecks(cases), cases };
    const result = { ...record, ...summarize(cases, record.lock) };
    this.#onEvent({ type: 'evaluation-end', candidate: own.name, result });
    return result;
  }

  #describe(candidate: Candidate): Omit<EvaluationRecord, 'userChecks' | 'cases'> {
    const inducer = this.#induction?.by;
    return {
      schema: 'aloe-evaluation/3',
      candidate: { name: candidate.name, model: candidate.model.id, prompt: candidate.prompt ?? null },
      lock: lockEvaluation({
        user: this.#user,
        userPrompt: this.#userPrompt,
        userMessages: this.#userMessages,
        userChecks: { ...this.#userChecks, attempts: this.#attempts },
        shownTurns: this.#shownTurns,
        judge: this.#judge,
        responses: this.#response,
        cases: this.#cases,
        turns: this.#turns,
        seed: this.#run.seed,
      }),
      inducer: typeof inducer === 'string' ? inducer : (inducer?.id ?? null),
    };
  }
}
