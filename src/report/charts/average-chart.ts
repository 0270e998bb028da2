import { axisX, dot, gridX, ruleY, text } from '@observablehq/plot';
import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import { checkSameRubric } from '../../evaluation/same-rubric.ts';
import { decimals, oneLine } from '../../internal/format.ts';
import { themeColor } from '../../page/theme.ts';
import { formatRange } from '../format-numbers.ts';
import { drawChart } from './draw-chart.ts';

const ROW_HEIGHT = 46;

/** Draws average levels with confidence intervals as SVG, one row per evaluation, in the order given. */
export function averageChart(evaluations: readonly EvaluationResult[]): string {
  checkSameRubric(evaluations, 'evaluations');
  const rows = evaluations.map(({ candidate, average, statistics }, row) => ({
    row,
    name: oneLine(candidate.name),
    average,
    label: `${decimals(average, 2)} ${formatRange(statistics.average, 2)}`.trim(),
    low: statistics.average?.low ?? null,
    high: statistics.average?.high ?? null,
  }));
  const level = { x: 'average', y: 'row' } as const;
  const above = { y: 'row', dy: -15, lineWidth: 26, textOverflow: 'ellipsis' } as const;
  return drawChart({
    title: 'Average level of each candidate',
    description: rows.map(({ name, label }) => `${name}: ${label}.`).join(' '),
    width: 480,
    height: 34 + ROW_HEIGHT * rows.length,
    marginLeft: 8,
    marginRight: 8,
    marginTop: 12,
    marginBottom: 22,
    x: { domain: [1, 5] },
    y: { type: 'band', domain: rows.map(({ row }) => row), axis: null },
    marks: [
      gridX({ ticks: 4, stroke: themeColor('line'), strokeOpacity: 1 }),
      axisX({ ticks: 4, tickSize: 0, label: null }),
      text(rows, { ...above, text: 'name', frameAnchor: 'left', fontSize: 13, fontWeight: 600 }),
      text(rows, { ...above, text: 'label', frameAnchor: 'right' }),
      ruleY(rows, {
        y: 'row',
        x1: 'low',
        x2: 'high',
        stroke: themeColor('level'),
        strokeWidth: 7,
        strokeOpacity: 0.3,
      }),
      dot(rows, { ...level, fill: themeColor('level'), r: 4.5 }),
    ],
  });
}
