import { formatInterval } from '../evaluation/describe/describe-intervals.ts';
import { decimals } from '../internal/format.ts';
import { markdownTable, markdownText } from '../internal/markdown.ts';
import type { AbilitiesResult } from './abilities-result.ts';
import type { AbilitiesComparison, AbilityChange } from './compare-abilities.ts';

const WORDS: Readonly<Record<AbilityChange, string>> = {
  up: 'better',
  down: 'worse',
  'within-noise': 'within noise',
  unknown: 'too few to say',
};

/** `-0.05 [-0.11, 0.01], within noise` */
export function describeChange(
  {
    difference,
    interval,
    change,
  }: {
    readonly difference: number | null;
    readonly interval: { readonly low: number; readonly high: number } | null;
    readonly change: AbilityChange;
  },
  places: number,
): string {
  const sign = difference !== null && difference > 0 ? '+' : '';
  const range = interval === null ? '' : ` ${formatInterval(interval, places)}`;
  return `${sign}${decimals(difference, places)}${range}, ${WORDS[change]}`;
}

/** One number of one model, as a table shows it. */
export interface AbilityCell {
  /** `instructions followed` */
  readonly measure: string;
  /** `0.41 [0.31, 0.52]` */
  readonly value: string;
}

/** The numbers of a result, in the order of a table. */
export function abilityCells({ instructions, likelihood, lmEval }: AbilitiesResult): readonly AbilityCell[] {
  return [
    ...(instructions === null
      ? []
      : [
          {
            measure: `instructions followed, of ${instructions.items.length}`,
            value: `${decimals(instructions.followed, 2)}${
              instructions.interval === null ? '' : ` ${formatInterval(instructions.interval, 2)}`
            }`,
          },
        ]),
    ...(likelihood === null
      ? []
      : [
          {
            measure: 'general chat, bits per byte (lower is better)',
            value: decimals(likelihood.bitsPerByte, 3),
          },
          {
            measure: 'general chat, perplexity (lower is better)',
            value: decimals(likelihood.perplexity, 2),
          },
        ]),
    ...(lmEval?.tasks ?? []).map(({ task, metric, value, standardError }) => ({
      measure: `lm-eval ${task}, ${metric.replace(/,none$/, '')}`,
      value: `${decimals(value, 3)}${standardError === null ? '' : ` ± ${decimals(1.96 * standardError, 3)}`}`,
    })),
  ];
}

/** The differences of a comparison, in the order of a table. */
export function changeCells({
  instructions,
  likelihood,
  lmEval,
}: AbilitiesComparison): readonly AbilityCell[] {
  return [
    ...(instructions === null
      ? []
      : [{ measure: 'instructions followed', value: describeChange(instructions, 2) }]),
    ...(likelihood === null
      ? []
      : [{ measure: 'general chat, bits per byte (lower is better)', value: describeChange(likelihood, 3) }]),
    ...lmEval.map((task) => ({
      measure: `lm-eval ${task.task}, ${task.metric.replace(/,none$/, '')}`,
      value: describeChange(task, 3),
    })),
  ];
}

/**
 * Results on general ability as a Markdown table, one column per model.
 *
 * @example
 * ```ts
 * import { abilitiesTable, readAbilities } from 'aloe-align/abilities';
 *
 * console.log(abilitiesTable(await Promise.all(['base.json', 'tuned.json'].map(readAbilities))));
 * ```
 */
export function abilitiesTable(results: readonly AbilitiesResult[]): string {
  const columns = results.map(abilityCells);
  const measures = [...new Set(columns.flat().map(({ measure }) => measure))];
  const rows = measures.map((measure) => [
    measure,
    ...columns.map((cells) => cells.find((cell) => cell.measure === measure)?.value ?? '–'),
  ]);
  return markdownTable(['', ...results.map(({ candidate }) => markdownText(candidate.name))], rows);
}

/** Differences in general ability as Markdown: one line per measure, second minus first. */
export function describeAbilities(comparison: AbilitiesComparison): string {
  const names = `${markdownText(comparison.second)} - ${markdownText(comparison.first)}`;
  const lines = changeCells(comparison).map(({ measure, value }) => `- ${measure}: ${value}`);
  const { instructions } = comparison;
  const moved =
    instructions === null
      ? []
      : [`- newly followed: ${instructions.gained.length}; no longer followed: ${instructions.lost.length}`];
  return [`General ability, ${names}:`, '', ...lines, ...moved].join('\n');
}
