import { InvalidOptionError } from '../errors.ts';
import { type RuleOptions, withRules } from '../personas/rules/with-rules.ts';
import type { BenchmarkCase } from './benchmark-case.ts';

/**
 * Gives cases preferences that a `ruleJudge` can check, drawn by {@link withRules}. An even number of cases is
 * balanced: no fixed response style scores above 3 on average.
 *
 * @example
 * ```ts
 * const cases = ruleCases(benchmarkCases, { seed: 1 });
 * ```
 *
 * @throws InvalidOptionError for an option out of range, or a case that already has rules, a drift, situations or
 * habits. Draw rules first.
 */
export function ruleCases(cases: readonly BenchmarkCase[], options: RuleOptions = {}): BenchmarkCase[] {
  const changing = cases.find(
    ({ drift, situations, habits }) => (drift ?? situations ?? habits) !== undefined,
  );
  if (changing !== undefined) {
    throw new InvalidOptionError('cases', 'cases without drift, situations or habits', changing.id, {
      hint: 'Draw the rules first, then add drift, situations or habits.',
    });
  }
  const personas = withRules(
    cases.map(({ persona }) => persona),
    options,
  );
  return cases.map((benchmarkCase, index) => ({ ...benchmarkCase, persona: personas[index]! }));
}
