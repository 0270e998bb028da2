import { decimals, oneLine } from '../internal/format.ts';
import type { Interval } from '../metrics/index.ts';
import type { EvaluationResult } from './evaluation-result.ts';

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
  const describe = (name: string, rate: number | undefined, band: Interval | null) => {
    if (rate === undefined || band === null) return null;
    const verdict =
      rate < band.low || rate > band.high
        ? 'is outside the range expected with no improvement'
        : 'is not distinguishable from no improvement';
    const range = `${statistics.confidence * 100} % null band ${formatInterval(band, 3)}`;
    return `${name} ${decimals(rate, 3)} ${verdict} (${range})`;
  };
  const rates = [
    describe('IR', improvement?.slope, statistics.nullBand.improvementRate),
    describe('N-IR', normalizedImprovement?.slope, statistics.nullBand.normalizedImprovementRate),
  ].filter((text) => text !== null);
  return rates.length === 0 ? [] : [`${show(candidate.name)}: ${rates.join('; ')}.`];
}
