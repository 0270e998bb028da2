import { InvalidOptionError } from '../errors.ts';
import { type CommonScores, commonScores, countScores, wellCovered } from '../evaluation/common-scores.ts';
import { compareEvaluations } from '../evaluation/compare-evaluations.ts';
import type { EvaluationComparison } from '../evaluation/evaluation-comparison.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { clusterLabels } from '../evaluation/evaluation-statistics.ts';
import { haveSameCases } from '../evaluation/match-cases.ts';
import { counted } from '../internal/format.ts';
import { alignmentLevels, averageLevel, bootstrapIntervals, type Interval } from '../metrics/index.ts';
import { adjustRanking } from './adjust-comparisons.ts';

/** An evaluation in the ranking. */
export interface Standing {
  readonly evaluation: EvaluationResult;
  /** Average level over the responses that all ranked candidates have; the candidate's own average if it is not ranked. */
  readonly average: number | null;
  /** Confidence interval of `average`. */
  readonly interval: Interval | null;
  /** Comparison with the best (second) on the same responses; null for the best itself, and if `problem` is set. */
  readonly comparison: EvaluationComparison | null;
  /** Why it cannot be compared with the best; null if it can. */
  readonly problem: string | null;
}

/** What a ranking rests on. */
export interface RankingBasis {
  /** Number of responses that every ranked candidate has a score for. */
  readonly responses: number;
  /** Number of responses that the benchmark asks for. */
  readonly asked: number;
  /**
   * The candidate without which the ranking of the others would rest on the most responses, and on how many. Null if none
   * holds the others back, and with fewer than three.
   */
  readonly heldBackBy: { readonly name: string; readonly responses: number } | null;
}

export interface Ranking {
  /** Best first; those that are not ranked last. */
  readonly standings: readonly Standing[];
  /** Null without evaluations. */
  readonly basis: RankingBasis | null;
}

/**
 * Ranks evaluations by their average over the responses that all of them have a score for, and compares each with the
 * best on the same responses. Only evaluations of the same cases and turns are ranked: the largest such group, without
 * candidates that have so few scores that hardly any response would be left for the others. Those without any score come
 * last.
 */
export function rankEvaluations(evaluations: readonly EvaluationResult[]): Ranking {
  const byAverage = evaluations.toSorted((a, b) => (b.average ?? -Infinity) - (a.average ?? -Infinity));
  const group = largestGroup(byAverage.filter(({ average }) => average !== null));
  const ranked = wellCovered(group);
  const [reference] = ranked.length > 0 ? ranked : byAverage;
  if (reference === undefined) return { standings: [], basis: null };
  const common = commonScores(ranked.length > 0 ? ranked : [reference]);
  const levels = ranked
    .map((evaluation, index) => ({
      evaluation,
      ...levelOf(evaluation, common, common.tables[index]!),
    }))
    .toSorted((a, b) => (b.average ?? -Infinity) - (a.average ?? -Infinity));
  const best = levels[0]?.evaluation ?? reference;
  const others = byAverage
    .filter((evaluation) => !ranked.includes(evaluation))
    .map((evaluation) => ({
      evaluation,
      average: evaluation.average,
      interval: evaluation.statistics.average,
    }));
  return {
    standings: adjustRanking(
      [...levels, ...others].map((standing) => ({
        ...standing,
        ...(group.includes(standing.evaluation) && !ranked.includes(standing.evaluation)
          ? { comparison: null, problem: describeThin(standing.evaluation) }
          : compareWith(best, standing.evaluation, ranked)),
      })),
    ),
    basis: { responses: common.responses, asked: common.asked, heldBackBy: holdsBack(ranked, common) },
  };
}

function describeThin(evaluation: EvaluationResult): string {
  const asked = evaluation.levels.reduce((sum, level) => sum + level.asked, 0);
  return `It has a score for ${countScores(evaluation)} of ${counted(asked, 'response')}, fewer than half as many as others, so it is not ranked.`;
}

function holdsBack(
  ranked: readonly EvaluationResult[],
  { responses, asked }: CommonScores,
): RankingBasis['heldBackBy'] {
  if (ranked.length < 3 || responses === asked) return null;
  const without = ranked.map((evaluation) => ({
    name: evaluation.candidate.name,
    responses: commonScores(ranked.filter((other) => other !== evaluation)).responses,
  }));
  const most = without.reduce((best, next) => (next.responses > best.responses ? next : best));
  return most.responses > responses ? most : null;
}

function levelOf(
  evaluation: EvaluationResult,
  { responses, people }: CommonScores,
  table: CommonScores['tables'][number],
): Pick<Standing, 'average' | 'interval'> {
  const { average, statistics } = evaluation;
  if (responses === countScores(evaluation)) {
    return { average, interval: statistics.average };
  }
  const { seed, resamples, confidence } = statistics;
  const options = { seed, resamples, confidence, ...clusterLabels(people) };
  return {
    average: averageLevel(alignmentLevels(table)),
    interval: bootstrapIntervals(table, options).average,
  };
}

function compareWith(
  best: EvaluationResult,
  evaluation: EvaluationResult,
  ranked: readonly EvaluationResult[],
): Pick<Standing, 'comparison' | 'problem'> {
  if (evaluation === best) return { comparison: null, problem: null };
  try {
    const among = ranked.includes(evaluation) ? ranked : [];
    return { comparison: compareEvaluations(evaluation, best, { among }), problem: null };
  } catch (error) {
    // Different cases or turns: show the averages side by side, without a comparison.
    if (!InvalidOptionError.isInstance(error)) throw error;
    return { comparison: null, problem: error.message };
  }
}

/** The largest group of evaluations with the same cases and turns; of equal groups the first. */
function largestGroup(evaluations: readonly EvaluationResult[]): readonly EvaluationResult[] {
  const groups: EvaluationResult[][] = [];
  for (const evaluation of evaluations) {
    const group = groups.find(([first]) => haveSameCases(first!, evaluation));
    if (group === undefined) groups.push([evaluation]);
    else group.push(evaluation);
  }
  return groups.toSorted((a, b) => b.length - a.length)[0] ?? [];
}
