import type { AbilitiesResult } from '../abilities/abilities-result.ts';
import { type AbilitiesComparison, compareAbilities } from '../abilities/compare-abilities.ts';
import { describeChange } from '../abilities/describe-abilities.ts';
import type { EvaluationComparison } from '../evaluation/evaluation-comparison.ts';
import { formatDifference, formatRange } from './format-numbers.ts';

/** Each result compared with the first. */
export function abilitiesComparisons(results: readonly AbilitiesResult[]): readonly AbilitiesComparison[] {
  const [base, ...others] = results;
  return base === undefined ? [] : others.map((other) => compareAbilities(base, other));
}

/**
 * What became of alignment and of general ability together, a sentence for each pair of models that has both: `tuned vs. base:
 * alignment up, +0.85 [0.68, 1.02]; instructions followed -0.02 [-0.08, 0.04], within noise.`
 *
 * @param show Makes names safe for where the sentence goes.
 */
export function bothSentences(
  abilities: readonly AbilitiesComparison[],
  comparisons: readonly EvaluationComparison[],
  show: (name: string) => string = (name) => name,
): readonly string[] {
  return abilities.flatMap(({ first, second, instructions }) => {
    const alignment = alignmentOf(comparisons, first, second);
    if (alignment === null || instructions === null) return [];
    const { difference, low, high } = alignment;
    const direction = low > 0 ? 'up' : high < 0 ? 'down' : 'within noise';
    const range = formatRange({ low, high }, 2);
    return [
      `${show(second)} vs. ${show(first)}: alignment ${direction}, ${formatDifference(difference, 2)} ${range}; instructions followed ${describeChange(instructions, 2)}.`,
    ];
  });
}

/** The difference in average level, second minus first, whichever of the two a comparison has first. */
function alignmentOf(
  comparisons: readonly EvaluationComparison[],
  first: string,
  second: string,
): { readonly difference: number; readonly low: number; readonly high: number } | null {
  for (const own of comparisons) {
    const { difference, interval } = own;
    if (difference === null || interval === null) continue;
    if (own.first === first && own.second === second) return { difference, ...interval };
    if (own.first === second && own.second === first) {
      return { difference: -difference, low: -interval.high, high: -interval.low };
    }
  }
  return null;
}
