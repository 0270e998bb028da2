import { decimals } from '../internal/format.ts';
import { markdownText } from '../internal/markdown.ts';
import type { AgreementResult } from './agreement-result.ts';
import type { KappaEstimate, PairAgreement } from './pair-agreement.ts';
import { RATING_SCALE } from './ratings.ts';

/**
 * Cohen's kappa between a GPT-4o judge and human raters as reported in the paper. Source: Wu et al. 2024, arXiv
 * 2410.03642, which does not state the weighting; it is taken to be unweighted.
 */
export const paperKappa = 0.789;

/** Formats an agreement as Markdown: a table of kappas, a comparison with {@link paperKappa}, a confusion matrix. */
export function describeAgreement(data: AgreementResult): string {
  const { judge, raters, median, majority, amongRaters, cases, confidence, resamples, seed } = data;
  const overall = median ?? raters[0]!;
  return [
    '| | Rated | Same rating | Kappa | Linear kappa | Quadratic kappa |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...[...raters, median, majority].flatMap((pair) =>
      pair ? [tableRow(`judge and ${pair.second}`, pair)] : [],
    ),
    ...amongRaters.map((pair) => tableRow(`${pair.first} and ${pair.second}`, pair)),
    '',
    `Judge: ${markdownText(judge)}. ${overall.asked} responses from ${cases} cases. Brackets are ${percent(confidence)} confidence intervals (${resamples} bootstrap resamples over cases, seed ${seed}).`,
    '',
    compareWithPaper(overall),
    '',
    `Judge (rows) and ${markdownText(overall.second)} (columns):`,
    '',
    `| | ${RATING_SCALE.join(' | ')} |`,
    `| ---: |${' ---: |'.repeat(RATING_SCALE.length)}`,
    ...overall.confusion.map((row, index) => `| ${RATING_SCALE[index]} | ${row.join(' | ')} |`),
    '',
  ].join('\n');
}

function compareWithPaper({ kappa: { none }, rated, second }: PairAgreement): string {
  const { kappa, interval } = none;
  if (rated === 0)
    return `Kappa is undefined: ${markdownText(second)} has rated none of the responses that the judge scored.`;
  if (kappa === null)
    return `Kappa is undefined: the ratings of judge and ${markdownText(second)} do not vary.`;
  const place =
    interval === null
      ? 'there is no interval'
      : interval.low > paperKappa
        ? 'its interval is above that'
        : interval.high < paperKappa
          ? 'its interval is below that'
          : 'its interval includes that';
  return `The paper reports a kappa of ${paperKappa} between its judge and people. Here it is ${decimals(kappa, 3)}; ${place}.`;
}

function tableRow(name: string, { rated, asked, sameRating, kappa }: PairAgreement): string {
  const cells = [
    markdownText(name),
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
