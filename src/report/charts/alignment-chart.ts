import { areaY, dot, lineY } from '@observablehq/plot';
import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import { checkSameRubric } from '../../evaluation/same-rubric.ts';
import { decimals } from '../../internal/format.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import { checkNumber } from '../../internal/options.ts';
import { themeColor } from '../../page/theme.ts';
import { formatRange } from '../format-numbers.ts';
import { drawChart } from './draw-chart.ts';
import { levelDomain } from './level-domain.ts';
import { panelHeading } from './panel-heading.ts';
import { arrangePanels, type PanelPlace } from './panels.ts';
import { turnAxes } from './turn-axes.ts';

/** Options of {@link alignmentChart}. */
export interface AlignmentChartOptions {
  /** Panels per row. Default 3. */
  readonly columns?: number | undefined;
  /** Range of the level axis. Default: fits levels and intervals, and spans at least two points of the scale. */
  readonly domain?: readonly [number, number] | undefined;
}

/**
 * Draws AL(k) by turn as SVG, one panel per evaluation: levels with a confidence band, the fitted line dashed, IR and N-IR
 * above (IR within cases in place of N-IR where scores are missing); dotted, the level of the same responses for another
 * persona. All panels share the same axes. `paperChart` draws Figure 4 of the paper.
 *
 * @throws InvalidOptionError if `columns` is not an integer of at least 1.
 */
export function alignmentChart(
  evaluations: readonly EvaluationResult[],
  options: AlignmentChartOptions = {},
): string {
  checkKnownOptions<AlignmentChartOptions>('alignmentChart()', options, { columns: true, domain: true });
  const { columns = 3, domain = levelDomain(evaluations) } = options;
  checkSameRubric(evaluations, 'evaluations');
  checkNumber('columns', columns, { min: 1, integer: true });
  const { places, frame } = arrangePanels(evaluations.length, columns);
  const panels = evaluations.map((evaluation, index) => ({ evaluation, place: places[index]! }));
  const points = panels.flatMap(levelPoints);
  const turns = Math.max(2, ...evaluations.map(({ levels }) => levels.length));
  const panel = { fx: 'column', fy: 'row', x: 'turn' } as const;
  const level = { ...panel, y: 'level' } as const;
  return drawChart({
    title: `AL(k) by turn: ${evaluations.map(({ candidate }) => candidate.name).join(', ')}`,
    description: evaluations.map(describeLevels).join(' '),
    ...frame,
    x: { domain: [1, turns] },
    y: { domain: [...domain], clamp: true },
    marks: [
      ...turnAxes(turns),
      areaY(points, { ...panel, y1: 'low', y2: 'high', fill: themeColor('level'), fillOpacity: 0.18 }),
      lineY(panels.flatMap(fittedLine), {
        ...level,
        stroke: themeColor('fit'),
        strokeDasharray: '5,4',
        strokeWidth: 1.5,
      }),
      lineY(panels.flatMap(otherPoints), {
        ...level,
        stroke: themeColor('muted'),
        strokeDasharray: '1.5,3',
        strokeWidth: 2,
      }),
      lineY(points, { ...level, stroke: themeColor('level'), strokeWidth: 2 }),
      dot(points, { ...level, fill: themeColor('level'), r: 2.75 }),
      ...panels.flatMap(({ evaluation, place }) =>
        panelHeading(place, evaluation.candidate.name, describeRates(evaluation)),
      ),
    ],
  });
}

interface Panel {
  readonly evaluation: EvaluationResult;
  readonly place: PanelPlace;
}

function levelPoints({ evaluation: { levels, statistics }, place }: Panel): object[] {
  return levels.map(({ turn, level }) => ({
    ...place,
    turn,
    level,
    low: statistics.levels[turn - 1]?.low ?? null,
    high: statistics.levels[turn - 1]?.high ?? null,
  }));
}

/** Levels of the same responses for another persona. */
function otherPoints({ evaluation: { ownMinusOther }, place }: Panel): object[] {
  return (ownMinusOther?.byTurn ?? []).map(({ turn, other }) => ({ ...place, turn, level: other }));
}

function fittedLine({ evaluation: { improvementRate: improvement, levels }, place }: Panel): object[] {
  if (improvement === null) return [];
  const { slope, intercept } = improvement;
  return [1, levels.length].map((turn) => ({ ...place, turn, level: intercept + slope * turn }));
}

/** `IR 0.132 [0.101, 0.160], N-IR 0.118`, or IR within cases in place of N-IR where cases broke off. */
function describeRates({
  improvementRate: improvement,
  normalizedImprovementRate: normalizedImprovement,
  statistics,
  dropout,
}: EvaluationResult): string {
  const interval = formatRange(statistics.improvementRate, 3);
  const rate = `IR ${decimals(improvement?.slope, 3)} ${interval}`.trim();
  const within = dropout?.withinCases;
  if (within) return `${rate}, within cases ${decimals(within.slope, 3)}`;
  return `${rate}, N-IR ${decimals(normalizedImprovement?.slope, 3)}`;
}

function describeLevels(evaluation: EvaluationResult): string {
  const levels = evaluation.levels.map(({ level }) => decimals(level, 2)).join(', ');
  const others = (evaluation.ownMinusOther?.byTurn ?? []).map(({ other }) => decimals(other, 2));
  const forOther = others.length === 0 ? '' : ` For another persona: ${others.join(', ')}.`;
  return `${evaluation.candidate.name}: ${levels}.${forOther} ${describeRates(evaluation)}.`;
}
