import type { EvaluationResult } from '../evaluation-result.ts';
import { formatReasons, tally } from '../missing-scores.ts';

/** The judgements for another persona that a result lacks. */
export interface MissingOthers {
  /** Number of responses that were to be judged for another persona, in the turns that were reached. */
  readonly asked: number;
  /** Number of those without a score. */
  readonly responses: number;
  /** Number of these by reason: the judgement's status. */
  readonly reasons: Readonly<Record<string, number>>;
}

type Played = Pick<EvaluationResult, 'cases'>;

/** Counts the judgements for another persona that a result lacks. */
export function missingOthers({ cases }: Played): MissingOthers {
  const judgements = cases.flatMap(({ turns }) =>
    turns.flatMap(({ otherJudgement }) => otherJudgement ?? []),
  );
  const failed = judgements.filter(({ score }) => score === null);
  return {
    asked: judgements.length,
    responses: failed.length,
    reasons: tally(failed.map(({ status }) => status)),
  };
}

/** `4 of 6 responses (judge-failed 4)`. */
export function formatMissingOthers({ asked, responses, reasons }: MissingOthers): string {
  return `${responses} of ${asked} responses (${formatReasons(reasons)})`;
}

/** A sentence on responses without a score for another persona. Empty when there are none. */
export function describeMissingOthers(result: Played): string[] {
  const missing = missingOthers(result);
  if (missing.responses === 0) return [];
  const others = missing.asked - missing.responses;
  const basis = others === 0 ? '' : ` Own minus other rests on the other ${others} at most.`;
  return [`Not scored for another persona: ${formatMissingOthers(missing)}.${basis}`];
}
