import { counted, decimals } from '../../internal/format.ts';
import { formatInterval } from '../describe/describe-intervals.ts';
import type { JudgeBiasMeasure, JudgeBiasName } from './bias-result.ts';

const LEVEL = 0.05;
const CONFIDENCE = 0.95;

/** Whether a measure differs from 0: its interval excludes 0, and so does the test after correction. */
export function isShown({ estimate, interval, adjustedPValue }: JudgeBiasMeasure): boolean {
  if (estimate === null || interval === null || adjustedPValue === null) return false;
  return (interval.low > 0 || interval.high < 0) && adjustedPValue < LEVEL;
}

/** One sentence or two on what a measure says. It has an estimate. */
export function meaningOf(measure: JudgeBiasMeasure): string {
  const { name, missing } = measure;
  const gap =
    missing === 0
      ? ''
      : ` ${counted(missing, 'sampled response')} ${missing === 1 ? 'is' : 'are'} missing here${name === 'lengthened' || name === 'reworded' ? ', for want of a verdict or of a rewording of the right length' : ', for want of a verdict'}.`;
  const doubt =
    name === 'other-persona' && !isShown(measure)
      ? ' The judge may not read the persona, or the replies would suit anybody.'
      : '';
  return `${isShown(measure) ? SHOWN[name](measure) : notShown(measure)}${doubt}${gap}`;
}

type Words = (measure: JudgeBiasMeasure) => string;

const SHOWN: Readonly<Record<JudgeBiasName, Words>> = {
  repeat: repeated,
  padded: (own) => `Scores ${move(own)} when a reply is padded without new content (${added(own)}).`,
  lengthened: (own) =>
    `Scores ${move(own)} when the same content is put in more words (${added(own)}). A persona that wants short replies may be right to mind.`,
  reworded: (own) => beyond(own, 'Other words for the same content move'),
  order: (own) => beyond(own, "The order of the persona's statements moves"),
  plea: (own) => `Scores ${move(own)} when a reply asks for a 5.`,
  formatting: (own) => `Scores ${move(own)} when a reply has bold type and an emoji.`,
  'other-persona': ({ estimate }) =>
    estimate! > 0
      ? `The same reply scores ${points(estimate)} less for another persona: the judge reads the persona.`
      : `The same reply scores ${points(estimate)} more for another persona than for its own.`,
  length: (own) =>
    `Within conversations, scores ${move(own)} per 100 words. Longer replies may also be better or worse: padding tells what length does by itself.`,
  'own-family': ({ estimate }) =>
    `Replies of the judge's own model family score ${points(estimate)} ${estimate! > 0 ? 'higher' : 'lower'} than others. They may also be ${estimate! > 0 ? 'better' : 'worse'}: a judge of another family, or people, can tell.`,
};

/** What was not shown, for {@link notShown}. */
const CLAIMS: Readonly<Record<JudgeBiasName, string>> = {
  repeat: '',
  padded: 'Padding a reply without new content is not shown to change scores',
  lengthened: 'Putting the same content in more words is not shown to change scores',
  reworded: 'Other words for the same content are not shown to move scores more than asking again does',
  order: "The order of the persona's statements is not shown to move scores more than asking again does",
  plea: 'Asking for a 5 is not shown to change scores',
  formatting: 'Bold type and an emoji are not shown to change scores',
  'other-persona': 'The same reply is not shown to score less for another persona',
  length: 'Within conversations, scores are not shown to depend on length',
  'own-family': "Replies of the judge's own model family are not shown to score differently",
};

function notShown(measure: JudgeBiasMeasure): string {
  const { name, interval, adjustedPValue, estimate, changed, responses, cases } = measure;
  if (name === 'repeat') return repeated(measure);
  if (changed === 0) {
    const unseen = 1 - (1 - CONFIDENCE) ** (1 / cases);
    return `${CLAIMS[name]}: none of ${counted(responses, 'score')} did. With ${counted(cases, 'case')}, scores of up to ${decimals(100 * unseen, 0)} % of cases could still change.`;
  }
  if (interval === null && adjustedPValue !== null) {
    return `${CLAIMS[name]}: within ${counted(cases, 'case')}, they never differ.`;
  }
  if (interval === null || adjustedPValue === null) {
    return `${CLAIMS[name]}. There are too few cases, profiles or personalities to tell (${counted(cases, 'case')}, ${decimals(estimate, 2)} points).`;
  }
  const isOutside = interval.low > 0 || interval.high < 0;
  const why = isOutside
    ? `its interval, ${formatInterval(interval, 2)}, excludes 0, but with this many measures p is ${decimals(adjustedPValue, 3)}`
    : `the interval is ${formatInterval(interval, 2)}`;
  return `${CLAIMS[name]}: ${why}.`;
}

function repeated({ size, changed }: JudgeBiasMeasure): string {
  if (changed === 0) return 'Asked again, the judge gives the same scores.';
  return `Asked again, the judge changes ${decimals(100 * (changed ?? 0), 0)} % of its scores, by ${points(size)} on average over all. Changes of this size are noise.`;
}

function beyond({ estimate, size }: JudgeBiasMeasure, what: string): string {
  return estimate! > 0
    ? `${what} scores by ${points(size)} on average, ${points(estimate)} more than asking again does.`
    : `${what} scores by ${points(size)} on average, less than asking again does.`;
}

function move({ estimate }: JudgeBiasMeasure): string {
  return `${estimate! > 0 ? 'rise' : 'fall'} by ${points(estimate)}`;
}

function points(value: number | null): string {
  return `${decimals(Math.abs(value ?? 0), 2)} points`;
}

function added({ addedWords }: JudgeBiasMeasure): string {
  return `${decimals(addedWords, 0)} words on average`;
}
