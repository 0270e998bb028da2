import type { BenchmarkCase } from '../benchmark/benchmark-case.ts';
import { InvalidOptionError } from '../errors.ts';
import { AloeEvaluator } from '../evaluation/aloe-evaluator.ts';
import type { Candidate } from '../evaluation/candidate.ts';
import type { AloeEvaluatorOptions } from '../evaluation/evaluator-options.ts';
import { drawOther } from '../evaluation/personal/draw-other.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { storedAnswersOf } from '../runs/stored-answers.ts';
import { type CountedCalls, countCalls, type DryRun, type Extent } from './dry-run.ts';
import { SAMPLE_SIZE, STORED_SAMPLE_SIZE, sampleOf } from './sample.ts';
import type { Scenario } from './scenario.ts';

/** The options of an evaluator, and the candidates. */
export interface PlannedEvaluation extends AloeEvaluatorOptions {
  /** The models or systems to evaluate, one after the other. */
  readonly candidates: readonly (ChatModel | Candidate)[];
}

/** The calls of an evaluator for all candidates. */
export async function playEvaluation(
  { candidates, ...options }: PlannedEvaluation,
  scenario: Scenario,
): Promise<CountedCalls> {
  if (!Array.isArray(candidates)) {
    throw new InvalidOptionError('evaluation.candidates', 'a list of candidates', candidates);
  }
  const { run: real } = options;
  const hasAnswers = real !== undefined && storedAnswersOf(real) !== undefined;
  async function play({ run, rounds }: DryRun): Promise<Extent> {
    const planned = { ...options, run, onEvent: undefined };
    // Constructed with all cases, so that all are checked, although only a few are played.
    new AloeEvaluator(planned);
    const cases = sampleWithOthers(options.cases, hasAnswers ? STORED_SAMPLE_SIZE : SAMPLE_SIZE);
    const evaluator = new AloeEvaluator({ ...planned, cases });
    for (const candidate of candidates) await evaluator.evaluate(candidate);
    return { times: options.cases.length / cases.length, rounds: rounds() };
  }
  return countCalls(play, scenario, { real });
}

/** A few cases, and for each one whose persona its responses can also be judged for. */
function sampleWithOthers(cases: readonly BenchmarkCase[], size: number): BenchmarkCase[] {
  const few = sampleOf(cases, size);
  return [...new Set([...few, ...few.flatMap((own) => drawOther(own, cases, 'any', 0) ?? [])])];
}
