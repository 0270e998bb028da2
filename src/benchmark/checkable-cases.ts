import { InvalidOptionError } from '../errors.ts';
import {
  type CheckablePreferenceOptions,
  withCheckablePreferences,
} from '../personas/checkable/with-checkable-preferences.ts';
import type { BenchmarkCase } from './benchmark-case.ts';

/**
 * The same cases with preferences that a `ruleJudge` can check, drawn by {@link withCheckablePreferences}: an even
 * number of cases is balanced, so that no fixed style of answering scores above 3 on average.
 *
 * @throws InvalidOptionError for an option out of range, and for a case that has preferences already, or a drift: give
 * cases their preferences first.
 */
export function checkableCases(
  cases: readonly BenchmarkCase[],
  options: CheckablePreferenceOptions = {},
): BenchmarkCase[] {
  const drifting = cases.find(({ drift }) => drift !== undefined);
  if (drifting !== undefined) {
    throw new InvalidOptionError('cases', 'cases that have no drift yet', drifting.id, {
      hint: 'Draw preferences first and let the cases drift then.',
    });
  }
  const personas = withCheckablePreferences(
    cases.map(({ persona }) => persona),
    options,
  );
  return cases.map((benchmarkCase, index) => ({ ...benchmarkCase, persona: personas[index]! }));
}
