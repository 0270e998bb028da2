import {
  type AskedMessage,
  countUserChecks,
  failedMessage,
  type UserCheckRates,
} from '../conversations/user-checks/user-check-rates.ts';
import type { EvaluatedCase } from './evaluated-case.ts';

/** Totals the message checks over all user messages of the cases, including messages that failed. */
export function countCaseChecks(cases: readonly EvaluatedCase[]): UserCheckRates {
  return countUserChecks(
    cases.flatMap(({ turns, failure }): readonly AskedMessage[] =>
      failure?.role === 'user' ? [...turns, failedMessage(failure)] : turns,
    ),
  );
}
