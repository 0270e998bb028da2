import { concurrentMap } from '../internal/concurrent-map.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { Candidate } from './candidate.ts';
import { countCaseChecks } from './count-case-checks.ts';
import type { EvaluatedCase } from './evaluated-case.ts';
import { lockEvaluation } from './evaluation-lock.ts';
import type { EvaluationRecord, EvaluationResult } from './evaluation-result.ts';
import {
  type AloeEvaluatorOptions,
  type CheckedEvaluatorOptions,
  checkEvaluatorOptions,
  toCandidate,
} from './evaluator-options.ts';
import { playCase } from './play-case.ts';
import { summarize } from './summarize.ts';
import type { Induction } from './track-revelation.ts';

export interface EvaluateOptions {
  /** Ends the evaluation early; the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures how well a model aligns with users it has to get to know: a simulated user talks with it for some turns in
 * every case, and a judge who knows that user rates each response 1-5.
 *
 * Every candidate meets the same users, with the same seeds, so that results can be compared case by case.
 */
export class AloeEvaluator {
  readonly #options: CheckedEvaluatorOptions;
  readonly #induction: Induction | undefined;

  /** @throws InvalidOptionError naming the option that is unknown or wrong. No model is called before all are checked. */
  constructor(options: AloeEvaluatorOptions) {
    this.#options = checkEvaluatorOptions(options);
    const { inducer, prompts } = this.#options;
    this.#induction = inducer === null ? undefined : { by: inducer, prompt: prompts.inducer };
  }

  /**
   * Plays all cases with a candidate. Cases that fail, and responses that could not be judged, are in the result with
   * their reasons.
   *
   * @throws InvalidOptionError when `candidate` is neither a `ChatModel` nor a `Candidate`; any error that every call
   * would meet (a missing key or package); the signal's reason on abort.
   */
  async evaluate(candidate: ChatModel | Candidate, options: EvaluateOptions = {}): Promise<EvaluationResult> {
    const own = toCandidate(candidate);
    const {
      run,
      user,
      prompts,
      judge,
      turns,
      attempts,
      userChecks,
      shownTurns,
      responses,
      userMessages,
      onEvent,
    } = this.#options;
    const setting = {
      run,
      user,
      userPrompt: prompts.user,
      candidate: own,
      model: run.model(own.model),
      judge,
      induction: this.#induction,
      turns,
      attempts,
      userChecks,
      shownTurns,
      response: responses,
      userMessages,
      onEvent,
    };
    const played = new Map<string, EvaluatedCase>();
    for await (const evaluated of concurrentMap(
      this.#options.cases,
      (benchmarkCase, signal) => playCase(benchmarkCase, { ...setting, signal }),
      { concurrency: this.#options.concurrency, order: 'finish', signal: options.signal },
    )) {
      played.set(evaluated.caseId, evaluated);
    }
    const cases = this.#options.cases.map(({ id }) => played.get(id)!);
    const record = { ...this.#describe(own), userChecks: countCaseChecks(cases), cases };
    const result = { ...record, ...summarize(cases, record.lock) };
    onEvent({ type: 'evaluation-end', candidate: own.name, result });
    return result;
  }

  #describe(candidate: Candidate): Omit<EvaluationRecord, 'userChecks' | 'cases'> {
    const {
      run,
      user,
      prompts,
      judge,
      cases,
      turns,
      attempts,
      userChecks,
      shownTurns,
      responses,
      userMessages,
    } = this.#options;
    const { inducer } = this.#options;
    return {
      schema: 'aloe-evaluation/3',
      candidate: { name: candidate.name, model: candidate.model.id, prompt: candidate.prompt ?? null },
      lock: lockEvaluation({
        user,
        userPrompt: prompts.user,
        userMessages,
        userChecks: { ...userChecks, attempts },
        shownTurns,
        judge,
        responses,
        cases,
        turns,
        seed: run.seed,
      }),
      inducer: typeof inducer === 'string' ? inducer : (inducer?.id ?? null),
    };
  }
}
