import type { AloeConfig } from '../../config/config.ts';
import { evaluatorScalars } from '../../evaluation/evaluator-options.ts';
import { candidatesOf } from '../../pipeline/candidates.ts';
import { DEFAULT_CASES } from '../../pipeline/choose-cases.ts';
import type { PipelinePart } from '../../pipeline/pipeline.ts';

/** Conversations and cases to come, for the progress. Undefined if the pool's size decides. */
export function plannedTotal(config: AloeConfig, parts: readonly PipelinePart[]): number | undefined {
  const { personas } = config.conversations ?? {};
  const { cases = DEFAULT_CASES, repeats: given } = config.evaluation ?? {};
  const repeats = evaluatorScalars.repeats(given, 'evaluation.repeats');
  const simulations = typeof cases === 'number' ? cases * repeats * candidatesOf(config).length : undefined;
  const counts = [parts.includes('preferred') ? personas : 0, parts.includes('candidates') ? simulations : 0];
  return counts.reduce(
    (sum, count) => (sum === undefined || count === undefined ? undefined : sum + count),
    0,
  );
}
