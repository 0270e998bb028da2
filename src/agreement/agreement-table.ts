import { decimals, tableText } from '../internal/format.ts';
import type { AgreementResult } from './agreement.ts';
import type { KappaEstimate, PairAgreement } from './pair-agreement.ts';
import { RATING_SCALE } from './ratings.ts';

/**
 * Cohen's kappa between GPT-4o as judge and people that the paper reports, the mark to beat. Source: Wu et al. 2024,
 * arXiv 2410.03642; which weights it has is not said there, so it is read as the unweighted one.
 */
export const paperKappa = 0.789;

/** An agreement for people to read, in Markdown. */
export function describeAgreement(data: AgreementResult): string {
  const { judge, raters, median, majority, amongRaters, cases, confidence, resamples, seed } = data;
  const overall = median ?? raters[0]!;
  return [
    '| | Rated | Same rating | Kappa | Linear | Quadratic |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...[...raters, median, majority].flatMap((pair) =>
      pair ? [tableRow(`judge and ${pair.second}`, pair)] : [],
    ),
    ...amongRaters.map((pair) => tableRow(`${pair.first} and ${pair.second}`, pair)),
    '',
    `Judge: ${tableText(judge)}. ${overall.asked} responses from ${cases} cases. Intervals: ${percent(confidence)}, ${resamples} bootstrap resamples of cases, seed ${seed}.`,
    '',
    compareWithPaper(overall),
    '',
    `Judge (rows) and ${tableText(overall.second)} (columns):`,
    '',
    `| | ${RATING_SCALE.join(' | ')} |`,
    `| ---: |${' ---: |'.repeat(RATING_SCALE.length)}`,
    ...overall.confusion.map((row, index) => `| ${RATING_SCALE[index]} | ${row.join(' | ')} |`),
    '',
  ].join('\n');
}

function compareWithPaper({ kappa: { none }, second }: PairAgreement): string {
  const { kappa, interval } = none;
  if (kappa === null)
    return `Kappa is not defined: judge and ${tableText(second)} share no two ratings that differ.`;
  const place =
    interval === null
      ? 'no interval could be had'
      : interval.low > paperKappa
        ? 'all of the interval is above it'
        : interval.high < paperKappa
          ? 'all of the interval is below it'
          : 'the interval holds it';
  return `The paper reports a kappa of ${paperKappa} between its judge and people; here it is ${decimals(kappa, 3)}, and ${place}.`;
}

function tableRow(name: string, { rated, asked, sameRating, kappa }: PairAgreement): string {
  const cells = [
    tableText(name),
    `${rated}/${asked}`,
    sameRating === null ? '–' : percent(sameRating),
    estimate(kappa.none),
    estimate(kappa.linear),
    estimate(kappa.quadratic),
  ];
  return `| ${cells.join(' | ')} |`;
}

function estimate({ kappa, interval }: KappaEstimate): string {
  const bounds = interval && ` [${decimals(interval.low, 3)}, ${decimals(interval.high, 3)}]`;
  return `${decimals(kappa, 3)}${bounds ?? ''}`;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
