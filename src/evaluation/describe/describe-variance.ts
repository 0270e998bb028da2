import { decimals, oneLine } from '../../internal/format.ts';
import { expectedError, type StudySize, type VarianceComponents } from '../../metrics/index.ts';
import type { EvaluationResult } from '../evaluation-result.ts';

/**
 * Where the uncertainty of averages comes from, and what would reduce it. Empty without repeats.
 *
 * @param show Makes a name safe for the format of the notes. Default: {@link oneLine}.
 */
export function describeVariance(
  results: readonly EvaluationResult[],
  show: (name: string) => string = oneLine,
): string[] {
  return results.flatMap(({ candidate, varianceComponents: found }) =>
    found === null
      ? []
      : [
          `${show(candidate.name)}: ${[describeParts(found), ...describeNegative(found), ...describeGains(found)].join(' ')}`,
        ],
  );
}

function describeParts({ case: byCase, repeat, judge }: VarianceComponents): string {
  const points = (variance: number) => decimals(Math.sqrt(variance), 2);
  const ofVotes = judge === null ? '' : ` Spread of votes on a response: ${points(judge)}.`;
  return `Spread of the average level (standard deviation): ${points(byCase)} between cases, ${points(repeat)} between repeats of a case.${ofVotes}`;
}

function describeNegative({ negative }: VarianceComponents): string[] {
  const names = { case: 'cases', repeat: 'repeats' };
  return negative.map((name) => `The estimated variance of ${names[name]} was below 0 and counts as 0.`);
}

/** `Doubling the cases would cut the interval by 29 %, doubling the repeats by 4 %.` */
function describeGains(found: VarianceComponents): string[] {
  const now = expectedError(found);
  if (now === 0) return [];
  const gain = (size: StudySize) => `${Math.round(100 * (1 - expectedError(found, size) / now))} %`;
  const { cases, repeats, votes } = found;
  return [
    `Doubling the cases would cut the interval by ${gain({ cases: 2 * cases })}, doubling the repeats by ${gain({ repeats: 2 * repeats })}${
      votes === null ? '' : `, doubling the votes by ${gain({ votes: 2 * votes })}`
    }.`,
  ];
}
