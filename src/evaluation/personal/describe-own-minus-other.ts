import { counted, decimals } from '../../internal/format.ts';
import { formatInterval } from '../describe-intervals.ts';
import type { EvaluationResult } from '../evaluation-result.ts';
import type { ScoreDifference } from './own-minus-other.ts';

/** One sentence on whether the level of a candidate is personal, or why that was not measured. */
export function describeOwnMinusOther({ otherPersona, ownMinusOther }: EvaluationResult): string {
  if (ownMinusOther === null) return `Own minus other: not measured, since ${whyNot(otherPersona !== null)}.`;
  const { difference, interval, cases, slope } = ownMinusOther;
  if (difference === null) return 'Own minus other: not measured, since no response has both scores.';
  const trend = slope.interval === null ? '' : `, changing by ${points(slope, 3)} a turn`;
  return `Own minus other: ${points(ownMinusOther)} points (${counted(cases, 'case')})${trend}. ${verdict(interval)}`;
}

function verdict(interval: ScoreDifference['interval']): string {
  if (interval === null) return 'Too few cases to say whether the level is personal.';
  if (interval.low > 0) {
    return "The level is personal: responses score higher for their own persona than for another's.";
  }
  if (interval.high < 0) return 'The responses suit other personas better than their own.';
  return 'The level is not shown to be personal: responses suit another persona as well.';
}

function whyNot(isAsked: boolean): string {
  return isAsked
    ? 'no case has another with a different profile and a different personality'
    : 'the responses were not judged for another persona';
}

/** `0.92 [0.70, 1.14]` */
function points({ difference, interval }: ScoreDifference, places = 2): string {
  const range = interval === null ? '' : ` ${formatInterval(interval, places)}`;
  return `${decimals(difference, places)}${range}`;
}
