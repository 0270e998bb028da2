import { counted } from '../internal/format.ts';
import type { VerdictShare, VerificationSummary } from './verdict-tally.ts';

/** A judge that agrees with itself less often than this says little about the pairs it decides, too. */
const FEW_CONSISTENT = 0.7;

/**
 * What a judge said of the pairs, as lines of text.
 *
 * @example
 * ```ts
 * console.log(describeVerification(await summarizeVerdicts(trees)));
 * ```
 */
export function describeVerification(summary: VerificationSummary): string {
  const { pairs, winners, identical, failed, consistent, leansToFirst, leaning } = summary;
  if (pairs === 0) return 'No pair has a verdict.';
  const because = [
    identical > 0 && `${identical} with equal responses`,
    failed > 0 && `${failed} without a usable verdict`,
  ].filter((part) => part !== false);
  const undecided = because.length === 0 ? winners.undecided : `${winners.undecided} (${because.join(', ')})`;
  return [
    `${counted(pairs, 'pair')}: the judge prefers the preferred response in ${winners.preferred}, the rejected one in ${winners.rejected}; undecided: ${undecided}.`,
    consistent.share !== null && `Same verdict in both orders: ${describeShare(consistent)}.`,
    leansToFirst.share !== null &&
      `Where the orders disagree, it leaned to the response shown first in ${describeShare(leansToFirst)}${leaning === null ? '' : `: a lean to the ${leaning} position`}.`,
    consistent.share !== null &&
      consistent.share < FEW_CONSISTENT &&
      'Many verdicts depend on the order. Some of the others agree by chance: use a stronger judge.',
  ]
    .filter((line) => line !== false)
    .join('\n');
}

function describeShare({ count, of, share, interval }: VerdictShare): string {
  const percent = (value: number) => Math.round(100 * value);
  return `${percent(share!)} % [${percent(interval!.low)}, ${percent(interval!.high)}] (${count} of ${of})`;
}
