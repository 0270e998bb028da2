import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import type { Judge } from '../evaluation/judge.ts';
import type { JudgeBiasOptions } from '../evaluation/judge-bias/bias-options.ts';
import { collectVerdicts, planVerdicts } from '../evaluation/judge-bias/collect-verdicts.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { type CountedCalls, countCalls, type DryRun, type Extent } from './dry-run.ts';
import { STORED_SAMPLE_SIZE } from './sample.ts';
import type { Scenario } from './scenario.ts';

/** The arguments of `judgeBias`. */
export interface PlannedJudgeBias extends JudgeBiasOptions {
  readonly results: EvaluationResult | readonly EvaluationResult[];
  readonly judge: Judge | ChatModel;
}

/** The calls of `judgeBias`. A large sample is cut and multiplied. */
export async function playJudgeBias(
  { results, judge, ...options }: PlannedJudgeBias,
  scenario: Scenario,
): Promise<CountedCalls> {
  async function play({ run, rounds }: DryRun): Promise<Extent> {
    const planned = planVerdicts(results, judge, { ...options, run, onEvent: undefined, signal: undefined });
    const sampled = planned.sampled.slice(0, STORED_SAMPLE_SIZE);
    await collectVerdicts({ ...planned, sampled });
    return { times: planned.sampled.length / sampled.length, rounds: rounds() };
  }
  return countCalls(play, scenario, { real: options.run });
}
