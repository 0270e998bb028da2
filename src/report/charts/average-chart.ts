import { axisX, axisY, dot, gridX, ruleY, text } from '@observablehq/plot';
import type { EvaluationData } from '../../evaluation/evaluation-result.ts';
import { decimals } from '../../internal/format.ts';
import { formatRange } from '../format-numbers.ts';
import { themeColor } from '../theme.ts';
import { drawChart } from './draw-chart.ts';

const ROW_HEIGHT = 30;

/** Average levels with their intervals, a line an evaluation, in the order given. */
export function averageChart(evaluations: readonly EvaluationData[]): string {
  const rows = evaluations.map(({ candidate, average, statistics }, row) => ({
    row,
    name: candidate.name,
    average,
    label: decimals(average, 2),
    interval: formatRange(statistics.average, 2),
    low: statistics.average?.low ?? null,
    high: statistics.average?.high ?? null,
  }));
  const level = { x: 'average', y: 'row' } as const;
  return drawChart({
    title: 'Average level of each candidate',
    description: rows
      .map(({ name, label, interval }) => `${name}: ${label}${interval === '' ? '' : ` (${interval})`}.`)
      .join(' '),
    width: 760,
    height: 34 + ROW_HEIGHT * rows.length,
    marginLeft: 210,
    marginRight: 50,
    marginTop: 6,
    marginBottom: 28,
    x: { domain: [1, 5], label: null },
    y: { type: 'band', domain: rows.map(({ row }) => row), label: null },
    marks: [
      gridX({ ticks: 4, stroke: themeColor('line'), strokeOpacity: 1 }),
      axisX({ ticks: 4, tickSize: 0, label: null }),
      axisY({
        tickFormat: (row: number) => rows[row]?.name ?? '',
        tickSize: 0,
        label: null,
        fontSize: 13,
        lineWidth: 14,
        textOverflow: 'ellipsis',
      }),
      ruleY(rows, {
        y: 'row',
        x1: 'low',
        x2: 'high',
        stroke: themeColor('level'),
        strokeWidth: 7,
        strokeOpacity: 0.3,
      }),
      dot(rows, { ...level, fill: themeColor('level'), r: 4.5 }),
      text(rows, { ...level, text: 'label', dy: -13, fontWeight: 600 }),
    ],
  });
}
