import { decimals } from '../internal/format.ts';
import { markdownText } from '../internal/markdown.ts';
import type { Interval } from '../metrics/index.ts';
import type { EvaluationResult } from './evaluation-result.ts';

/** `[3.70, 3.92]` */
export function formatInterval({ low, high }: Interval, places: number): string {
  return `[${decimals(low, places)}, ${decimals(high, places)}]`;
}

/**
 * Notes for below a results table: what the brackets are, and whether IR and N-IR can be told apart from no improvement.
 * Empty when there are no intervals and no null bands.
 */
export function describeIntervals(results: readonly EvaluationResult[]): string[] {
  const confidence = results.find(({ statistics }) => statistics.average !== null)?.statistics.confidence;
  return [
    ...(confidence === undefined
      ? []
      : [`Brackets are ${confidence * 100} % confidence intervals over cases.`]),
    ...results.flatMap(describeRates),
  ];
}

function describeRates({
  candidate,
  improvementRate: improvement,
  normalizedImprovementRate: normalizedImprovement,
  statistics,
}: EvaluationResult): string[] {
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
  return rates.length === 0 ? [] : [`- ${markdownText(candidate.name)}: ${rates.join('; ')}.`];
}
