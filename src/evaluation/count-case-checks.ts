import {
  type AskedMessage,
  countUserChecks,
  failedMessage,
  type UserCheckRates,
} from '../conversations/user-checks/user-check-rates.ts';
import type { EvaluatedCase } from './evaluated-case.ts';

/** What the checks found in all user messages of some cases, those that never came included. */
export function countCaseChecks(cases: readonly EvaluatedCase[]): UserCheckRates {
  return countUserChecks(
    cases.flatMap(({ turns, failure }): readonly AskedMessage[] =>
      failure?.role === 'user' ? [...turns, failedMessage(failure)] : turns,
    ),
  );
}
