import type { BenchmarkCase } from '../benchmark/benchmark-case.ts';
import type { Habit } from '../conversations/behaviour/habits.ts';
import { SLIPS_HABIT } from '../conversations/behaviour/slips.ts';
import { withRun } from '../conversations/user-checks/user-check-options.ts';
import { type AskedMessage, countUserChecks } from '../conversations/user-checks/user-check-rates.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { type ServedCount, sumByRole, tallyByRole } from '../runs/served/tally-served.ts';
import { mapWork } from '../runs/work/map-work.ts';
import { workAtOnce } from '../runs/work/work-at-once.ts';
import type { Candidate } from './candidate.ts';
import { lockHabitsPrompt } from './check-habits.ts';
import { lockCostPrompt } from './costs/judge-cost.ts';
import { displayEvaluation } from './describe/display-evaluation.ts';
import type { EvaluatedCase } from './evaluated-case.ts';
import { lockEvaluation } from './evaluation-lock.ts';
import type { EvaluationRecord, EvaluationResult } from './evaluation-result.ts';
import {
  type AloeEvaluatorOptions,
  type CheckedEvaluatorOptions,
  checkEvaluatorOptions,
  modelsOf,
  toCandidate,
} from './evaluator-options.ts';
import { drawOthers } from './personal/draw-other.ts';
import { caseWork, playCase, type Simulation } from './play-case.ts';
import { isWholeCase, tellCase } from './received-case.ts';
import { simulationSubject } from './repeats.ts';
import { EVALUATION_ROLES, type EvaluationRole, type ServedByRole } from './served-by-role.ts';
import { summarize } from './summarize.ts';
import { type Induction, induceThrough } from './track-revelation.ts';

/** A simulation, with what is counted over all of them. */
interface PlayedCase {
  readonly evaluated: EvaluatedCase;
  readonly asked: readonly AskedMessage[];
  readonly served: Readonly<Record<EvaluationRole, readonly ServedCount[]>>;
}

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
  readonly #options: CheckedEvaluatorOptions;
  /** As they were given, without the run around them. */
  readonly #models: readonly ChatModel[];
  readonly #induction: Induction | undefined;
  /** What a model can be asked about the users: one habit for each name. */
  readonly #habits: readonly Habit[];
  readonly #others: ReadonlyMap<string, BenchmarkCase>;

  /** @throws InvalidOptionError if an option is unknown or invalid. No model is called here. */
  constructor(options: AloeEvaluatorOptions) {
    this.#options = checkEvaluatorOptions(options);
    this.#models = modelsOf(options, this.#options.judge);
    const { run, cases, inducer, otherPersona, prompts } = this.#options;
    this.#induction = inducer === null ? undefined : { by: inducer, prompt: prompts.inducer };
    const habits = cases.flatMap((own) => own.habits ?? []).filter(({ name }) => name !== SLIPS_HABIT);
    this.#habits = [...new Map(habits.map((habit) => [habit.name, habit])).values()];
    this.#others = drawOthers(cases, otherPersona, run);
  }

  /**
   * Plays all cases with a candidate. Failed cases and responses without a valid verdict are kept in the result, with
   * the reason.
   *
   * @throws InvalidOptionError if `candidate` is neither a `ChatModel` nor a `Candidate`. Errors that every call would
   * hit, such as a missing key or package, are rethrown. On abort, the signal's reason.
   */
  async evaluate(candidate: ChatModel | Candidate, options: EvaluateOptions = {}): Promise<EvaluationResult> {
    checkKnownOptions<EvaluateOptions>('evaluate()', options, { signal: true });
    const own = toCandidate(candidate);
    const { run, concurrency, onEvent } = this.#options;
    const simulations = this.#simulations();
    const played = new Map<string, PlayedCase>();
    for await (const each of mapWork<Simulation, PlayedCase>(
      run,
      simulations,
      {
        name: `evaluation of ${own.name}`,
        work(simulation) {
          const { outcome, ...work } = caseWork(simulation, own.name);
          return { ...work, outcome: ({ evaluated }) => outcome(evaluated) };
        },
        setting: () => this.#describe(own),
        content: (simulation) => simulation,
        play: (simulation, signal) => this.#play(simulation, own, signal),
        isWhole: ({ evaluated }) => isWholeCase(evaluated),
        received: (_, { evaluated }) => tellCase(evaluated, own.name, onEvent),
      },
      {
        concurrency: concurrency ?? workAtOnce(run, [own.model, ...this.#models]),
        size: concurrency === null ? simulations.length : undefined,
        order: 'finish',
        signal: options.signal,
      },
    )) {
      const { caseId, repeat } = each.evaluated;
      played.set(simulationSubject(caseId, repeat), each);
    }
    const inOrder = simulations.map(
      ({ benchmarkCase, repeat }) => played.get(simulationSubject(benchmarkCase.id, repeat))!,
    );
    const cases = inOrder.map(({ evaluated }) => evaluated);
    const record = {
      ...this.#describe(
        own,
        sumByRole(
          EVALUATION_ROLES,
          inOrder.map(({ served }) => served),
        ),
      ),
      userChecks: countUserChecks(inOrder.flatMap(({ asked }) => asked)),
      cases,
    };
    const result = displayEvaluation({ ...record, ...summarize(cases, record.lock) });
    onEvent({ type: 'evaluation-end', candidate: own.name, result });
    return result;
  }

  /** Plays a simulation, and counts what belongs to it. */
  async #play(simulation: Simulation, candidate: Candidate, signal: AbortSignal): Promise<PlayedCase> {
    const { run, user, prompts, userChecks, costs, habitCheck } = this.#options;
    const habits = this.#habits;
    const { runs, served } = tallyByRole(run, EVALUATION_ROLES);
    const asked: AskedMessage[] = [];
    const evaluated = await playCase(simulation, {
      ...this.#options,
      user: runs.user.model(user),
      userPrompt: prompts.user,
      candidate,
      model: runs.candidate.model(candidate.model),
      judgeRun: runs.judge,
      others: this.#others,
      induction: induceThrough(this.#induction, runs.inducer),
      userChecks: withRun(userChecks, runs.checker),
      onUserMessage: (message) => asked.push(message),
      habits: habitCheck && habits.length > 0 ? { model: runs.checker.model(habitCheck), habits } : null,
      costs: costs && { ...costs, judge: costs.judge && runs.costJudge.model(costs.judge) },
      signal,
    });
    return { evaluated, asked, served: served() };
  }

  #simulations(): Simulation[] {
    const { cases, repeats } = this.#options;
    return cases.flatMap((benchmarkCase) =>
      Array.from({ length: repeats }, (_, index) => ({ benchmarkCase, repeat: index + 1 })),
    );
  }

  #describe(candidate: Candidate, served?: ServedByRole): Omit<EvaluationRecord, 'userChecks' | 'cases'> {
    const { run, prompts, userChecks, attempts, inducer, otherPersona, costs, habitCheck } = this.#options;
    return {
      schema: 'aloe-evaluation/3',
      candidate: { name: candidate.name, model: candidate.model.id, prompt: candidate.prompt ?? null },
      lock: lockEvaluation({
        ...this.#options,
        userPrompt: prompts.user,
        userChecks: { ...userChecks, attempts },
        seed: run.seed,
        served,
      }),
      inducer: typeof inducer === 'string' ? inducer : (inducer?.id ?? null),
      served,
      otherPersona,
      costJudge: costs?.judge ? { model: costs.judge.id, prompt: lockCostPrompt() } : null,
      ...(habitCheck &&
        this.#habits.length > 0 && {
          habitCheck: { model: habitCheck.id, prompt: lockHabitsPrompt() },
        }),
    };
  }
}
