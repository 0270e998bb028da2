import { codeSpan, markdownText } from '../internal/markdown.ts';
import type { EvaluatedCase } from './evaluated-case.ts';
import type { EvaluationResult } from './evaluation-result.ts';
import { isSilence } from './judge.ts';
import { groupByCase, simulationName } from './repeats.ts';

/** The scores that a result lacks. */
export interface MissingScores {
  /** Number of responses without a score, including those of turns that were not reached. */
  readonly responses: number;
  /** Number of cases that lack at least one score. */
  readonly cases: number;
  /** Number of responses by reason: a judgement's status, or `not-reached` for turns after a case broke off. */
  readonly reasons: Readonly<Record<string, number>>;
}

type Played = Pick<EvaluationResult, 'cases' | 'lock'>;

/** Counts the scores that a result lacks. */
export function missingScores({ cases, lock: { turns } }: Played): MissingScores {
  const perSimulation = cases.map((played) => reasonsOf(played, turns));
  const reasons = perSimulation.flat();
  return {
    responses: reasons.length,
    cases: groupByCase(cases, perSimulation).filter((own) => own.flat().length > 0).length,
    reasons: tally(reasons),
  };
}

function reasonsOf({ turns: played }: EvaluatedCase, turns: number): string[] {
  return Array.from({ length: turns }, (_, index) => {
    const judgement = played[index]?.judgement;
    if (judgement === undefined) return 'not-reached';
    return judgement.score === null ? judgement.status : null;
  }).filter((reason) => reason !== null);
}

/** `not-reached 50, judge-failed 7`. */
export function formatReasons(reasons: Readonly<Record<string, number>>): string {
  return Object.entries(reasons)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ');
}

/** Sentences on responses without a score, and on those that said nothing and score 1. Empty when there are none. */
export function describeMissing(result: Played): string[] {
  const { cases, lock } = result;
  const asked = cases.length * lock.turns;
  const missing = missingScores(result);
  const silences = cases.flatMap(({ turns }) =>
    turns.map(({ judgement }) => judgement.status).filter((status) => isSilence(status)),
  );
  const others = asked - missing.responses;
  return [
    ...(missing.responses === 0
      ? []
      : [
          `Not scored: ${missing.responses} of ${asked} responses (${formatReasons(missing.reasons)}).${others === 0 ? '' : ` The numbers rest on the other ${others}.`}`,
        ]),
    ...(silences.length === 0
      ? []
      : [
          `Empty or withheld: ${silences.length} of ${asked} responses (${formatReasons(tally(silences))}). Each scores 1.`,
        ]),
  ];
}

const FAILURES_SHOWN = 10;

/** Markdown lines on the cases that broke off, and why. Empty when none did. */
export function describeFailures({ cases }: Played): string[] {
  const failures = cases.flatMap(({ failure, ...own }) =>
    failure === undefined
      ? []
      : [
          `- ${markdownText(simulationName(own))} ended at turn ${failure.turn} (${markdownText(failure.role)}, ${markdownText(failure.code)}): ${codeSpan(failure.message)}`,
        ],
  );
  if (failures.length === 0) return [];
  const more = failures.length - FAILURES_SHOWN;
  return ['', ...failures.slice(0, FAILURES_SHOWN), ...(more > 0 ? [`- and ${more} more`] : [])];
}

/** How often each name occurs. */
export function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
