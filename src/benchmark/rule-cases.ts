import { InvalidOptionError } from '../errors.ts';
import { type RuleOptions, withRules } from '../personas/rules/with-rules.ts';
import type { BenchmarkCase } from './benchmark-case.ts';

/**
 * The same cases with preferences that a `ruleJudge` can check, drawn by {@link withRules}: an even
 * number of cases is balanced, so that no fixed style of answering scores above 3 on average.
 *
 * @throws InvalidOptionError for an option out of range, and for a case that has preferences already, or a drift: give
 * cases their preferences first.
 */
export function ruleCases(cases: readonly BenchmarkCase[], options: RuleOptions = {}): BenchmarkCase[] {
  const drifting = cases.find(({ drift }) => drift !== undefined);
  if (drifting !== undefined) {
    throw new InvalidOptionError('cases', 'cases that have no drift yet', drifting.id, {
      hint: 'Draw preferences first and let the cases drift then.',
    });
  }
  const personas = withRules(
    cases.map(({ persona }) => persona),
    options,
  );
  return cases.map((benchmarkCase, index) => ({ ...benchmarkCase, persona: personas[index]! }));
}
