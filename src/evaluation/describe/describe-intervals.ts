import { decimals, oneLine } from '../../internal/format.ts';
import type { Interval } from '../../metrics/index.ts';
import type { EvaluationResult } from '../evaluation-result.ts';

/** `[3.70, 3.92]` */
export function formatInterval({ low, high }: Interval, places: number): string {
  return `[${decimals(low, places)}, ${decimals(high, places)}]`;
}

/** A note on what the brackets in a table are. Empty when there are none. */
export function describeBrackets(results: readonly EvaluationResult[]): string[] {
  const confidence = results.find(({ statistics }) => statistics.average !== null)?.statistics.confidence;
  return confidence === undefined
    ? []
    : [`Brackets are ${confidence * 100} % confidence intervals over cases.`];
}

/**
 * Whether IR and N-IR of each result can be told apart from no improvement. Empty when there are no null bands.
 *
 * @param show Makes a name safe for the format of the notes. Default: {@link oneLine}.
 */
export function describeRates(
  results: readonly EvaluationResult[],
  show: (name: string) => string = oneLine,
): string[] {
  return results.flatMap((result) => ratesOf(result, show));
}

function ratesOf(
  {
    candidate,
    improvementRate: improvement,
    normalizedImprovementRate: normalizedImprovement,
    statistics,
  }: EvaluationResult,
  show: (name: string) => string,
): string[] {
  const { improvementRate, normalizedImprovementRate } = statistics.nullBand;
  const rates = [
    { name: 'IR', rate: improvement?.slope, band: improvementRate },
    { name: 'N-IR', rate: normalizedImprovement?.slope, band: normalizedImprovementRate },
  ].flatMap(({ name, rate, band }) =>
    rate === undefined || band === null ? [] : [{ text: `${name} ${decimals(rate, 3)}`, rate, band }],
  );
  const [outside, inside] = [true, false].map((isOutside) =>
    rates.filter(({ rate, band }) => isBeyond(rate, band) === isOutside),
  );
  const percent = `${100 * statistics.confidence} %`;
  const clauses = [
    clause(outside!, 'outside the range expected with no improvement', percent),
    clause(inside!, 'not distinguishable from no improvement', percent),
  ].filter((text) => text !== null);
  return clauses.length === 0 ? [] : [`${show(candidate.name)}: ${clauses.join('; ')}.`];
}

/** At an end of the band, a rate and the same rate of a shuffle may differ in their last bits. */
function isBeyond(rate: number, { low, high }: Interval): boolean {
  const rounding = 1e-9 * Math.max(1, Math.abs(rate));
  return rate < low - rounding || rate > high + rounding;
}

/** `IR 0.011 and N-IR 0.032 are not distinguishable from no improvement (95 % null bands [-0.017, 0.017], [-0.066, 0.066])` */
function clause(
  rates: readonly { readonly text: string; readonly band: Interval }[],
  verdict: string,
  percent: string,
): string | null {
  if (rates.length === 0) return null;
  const [verb, noun] = rates.length === 1 ? ['is', 'null band'] : ['are', 'null bands'];
  const bands = rates.map(({ band }) => formatInterval(band, 3)).join(', ');
  const isShifted = rates.some(({ band }) => band.low > 0 || band.high < 0);
  const why = isShifted ? ', not around 0 because of missing scores' : '';
  return `${rates.map(({ text }) => text).join(' and ')} ${verb} ${verdict} (${percent} ${noun} ${bands}${why})`;
}
