import { decimals, oneLine } from '../internal/format.ts';
import type { Interval } from '../metrics/index.ts';
import type { EvaluationResult } from './evaluation-result.ts';

/** `[3.70, 3.92]` */
export function formatInterval({ low, high }: Interval, places: number): string {
  return `[${decimals(low, places)}, ${decimals(high, places)}]`;
}

/**
 * Says in words what the brackets of a table are, and whether a model without any improvement would reach the rates as
 * well. Nothing for results that have neither.
 */
export function describeIntervals(results: readonly EvaluationResult[]): string[] {
  const confidence = results.find(({ statistics }) => statistics.average !== null)?.statistics.confidence;
  return [
    ...(confidence === undefined ? [] : [`Brackets are ${confidence * 100} % intervals over cases.`]),
    ...results.flatMap(placeRates),
  ];
}

function placeRates({
  candidate,
  improvementRate: improvement,
  normalizedImprovementRate: normalizedImprovement,
  statistics,
}: EvaluationResult): string[] {
  const rates = [
    placeRate('IR', improvement?.slope, statistics.nullBand.improvementRate),
    placeRate('N-IR', normalizedImprovement?.slope, statistics.nullBand.normalizedImprovementRate),
  ].filter((text) => text !== null);
  return rates.length === 0 ? [] : [`- ${oneLine(candidate.name)}: ${rates.join('; ')}.`];
}

function placeRate(name: string, rate: number | undefined, band: Interval | null): string | null {
  if (rate === undefined || band === null) return null;
  const side = rate < band.low || rate > band.high ? 'outside' : 'within';
  return `${name} ${decimals(rate, 3)} lies ${side} what no improvement gives, ${formatInterval(band, 3)}`;
}
