import { counted, decimals, oneLine } from '../../internal/format.ts';
import { formatInterval } from '../describe/describe-intervals.ts';
import type { EvaluatedCase } from '../evaluated-case.ts';
import type { EvaluationResult } from '../evaluation-result.ts';
import { firstOfEach } from '../repeats.ts';
import type { ScoreDifference } from './own-minus-other.ts';

/**
 * Whether each level is personal: a note per result, or a single one if none was measured.
 *
 * @param show Makes a name safe for the format of the notes. Default: {@link oneLine}.
 */
export function describePersonal(
  results: readonly EvaluationResult[],
  show: (name: string) => string = oneLine,
): string[] {
  const notes = results.map(describeOwnMinusOther);
  const isMeasured = results.some(({ ownMinusOther }) => (ownMinusOther?.difference ?? null) !== null);
  if (!isMeasured && new Set(notes).size === 1) return notes.slice(0, 1);
  return results.map(({ candidate }, index) => `${show(candidate.name)}: ${notes[index]}`);
}

/** A warning if cases of two results, simulation by simulation in the same order, were held against different other personas. Empty if none was. */
export function describeDifferentOthers(
  first: readonly EvaluatedCase[],
  second: readonly EvaluatedCase[],
): string[] {
  // All repeats of a case have the same other.
  const partners = firstOfEach(second);
  const others = firstOfEach(first).map(({ otherCase }, index) => [otherCase, partners[index]!.otherCase]);
  const measured = others.filter((pair) => pair.every((other) => other !== undefined));
  const different = measured.filter(([one, other]) => one !== other).length;
  if (different === 0) return [];
  const rest = measured.length - different;
  const basis = rest === 0 ? '' : ` Their difference rests on the other ${counted(rest, 'case')}.`;
  return [
    `Different other personas in ${different} of ${counted(measured.length, 'case')}: own minus other of the two is not comparable.${basis}`,
  ];
}

/** One sentence for a summary; empty if it was not measured. */
export function summarizePersonal(
  { candidate, ownMinusOther }: EvaluationResult,
  show: (name: string) => string = oneLine,
): string {
  if (ownMinusOther === null || ownMinusOther.difference === null) return '';
  const { interval } = ownMinusOther;
  const isPersonal = interval !== null && interval.low > 0;
  return `The level of ${show(candidate.name)} is ${isPersonal ? '' : 'not shown to be '}personal (own minus other ${points(ownMinusOther)}).`;
}

/** One sentence on whether the level of a candidate is personal, or why that was not measured. */
function describeOwnMinusOther(result: EvaluationResult): string {
  const { ownMinusOther } = result;
  if (ownMinusOther === null) return `Own minus other: not measured, since ${whyNot(result)}.`;
  const { difference, cases, slope } = ownMinusOther;
  if (difference === null) return 'Own minus other: not measured, since no response has both scores.';
  const trend = slope.interval === null ? '' : `, changing by ${points(slope, 3)} a turn`;
  return `Own minus other: ${points(ownMinusOther)} points (${counted(cases, 'case')})${trend}. ${verdict(ownMinusOther)}`;
}

/** An interval needs five clusters, and differences that are not all equal. */
function verdict({ interval, cases }: ScoreDifference): string {
  if (interval === null) {
    return cases < 5
      ? 'Too few cases to say whether the level is personal.'
      : 'No interval, since too few cases are independent or all are equal: the level is not shown to be personal.';
  }
  if (interval.low > 0) {
    return "The level is personal: responses score higher for their own persona than for another's.";
  }
  if (interval.high < 0) return 'The responses suit other personas better than their own.';
  return 'The level is not shown to be personal: the interval includes 0.';
}

function whyNot({ otherPersona, cases }: EvaluationResult): string {
  if (otherPersona === null) return 'the responses were not judged for another persona';
  return cases.some(({ otherCase }) => otherCase !== undefined)
    ? 'there is no response to judge'
    : `no case has another with ${otherPersona === 'opposite' ? 'contrary rules, ' : ''}a different profile and a different personality`;
}

/** `0.92 [0.70, 1.14]` */
function points({ difference, interval }: ScoreDifference, places = 2): string {
  const range = interval === null ? '' : ` ${formatInterval(interval, places)}`;
  return `${decimals(difference, places)}${range}`;
}
