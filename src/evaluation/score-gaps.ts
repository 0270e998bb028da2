import { codeSpan, markdownText } from '../internal/markdown.ts';
import type { EvaluationResult } from './evaluation-result.ts';

const FAILURES_SHOWN = 10;

/** Markdown lines on which responses have no score, and why. Empty when all were scored. */
export function describeGaps({ cases, lock: { turns } }: EvaluationResult): string[] {
  const reasons = new Map<string, number>();
  const count = (reason: string, by: number) =>
    by > 0 && reasons.set(reason, (reasons.get(reason) ?? 0) + by);
  for (const played of cases) {
    for (const { judgement } of played.turns) count(judgement.status, judgement.status === 'scored' ? 0 : 1);
    count('not-reached', turns - played.turns.length);
  }
  if (reasons.size === 0) return [];
  const missing = [...reasons.values()].reduce((sum, by) => sum + by, 0);
  const list = [...reasons].map(([reason, by]) => `${reason} ${by}`).join(', ');
  const failures = cases.flatMap(({ caseId, failure }) =>
    failure === undefined
      ? []
      : [
          `- ${markdownText(caseId)} ended at turn ${failure.turn} (${markdownText(failure.role)}, ${markdownText(failure.code)}): ${codeSpan(failure.message)}`,
        ],
  );
  return [
    '',
    `Not scored: ${missing} of ${cases.length * turns} (${list}).`,
    ...failures.slice(0, FAILURES_SHOWN),
    ...(failures.length > FAILURES_SHOWN ? [`- and ${failures.length - FAILURES_SHOWN} more`] : []),
  ];
}
