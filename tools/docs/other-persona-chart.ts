import { axisX, dot, gridX, ruleY, text } from '@observablehq/plot';
import type { EvaluationResult } from '../../src/evaluation/evaluation-result.ts';
import { themeColor } from '../../src/page/theme.ts';
import { drawChart } from '../../src/report/charts/draw-chart.ts';

const ROW_HEIGHT = 54;

/** The same responses, judged for their user and for another persona: the distance is own minus other. */
export function otherPersonaChart(results: readonly EvaluationResult[]): string {
  const rows = results.map(({ candidate, average, ownMinusOther }, row) => {
    const { difference, interval } = ownMinusOther!;
    return {
      row,
      name: candidate.name,
      own: average!,
      other: average! - difference!,
      label: `${difference!.toFixed(2)} [${interval!.low.toFixed(2)}, ${interval!.high.toFixed(2)}]`,
    };
  });
  const above = { y: 'row', dy: -17 } as const;
  return drawChart({
    title: 'Mean score of the same responses, for their user and for another persona',
    description: rows
      .map(
        ({ name, own, other, label }) =>
          `${name}: ${own.toFixed(2)} and ${other.toFixed(2)}, difference ${label}.`,
      )
      .join(' '),
    width: 560,
    height: 58 + ROW_HEIGHT * rows.length,
    marginLeft: 8,
    marginRight: 8,
    marginTop: 34,
    marginBottom: 24,
    x: { domain: [1, 5] },
    y: { type: 'band', domain: rows.map(({ row }) => row), axis: null },
    marks: [
      gridX({ ticks: 4, stroke: themeColor('line'), strokeOpacity: 1 }),
      axisX({ ticks: 4, tickSize: 0, label: null }),
      text(['○ for another persona   ● for the user   between: own minus other'], {
        frameAnchor: 'top-left',
        textAnchor: 'start',
        dy: -24,
        fill: themeColor('muted'),
      }),
      text(rows, { ...above, text: 'name', frameAnchor: 'left', fontSize: 13, fontWeight: 600 }),
      text(rows, { ...above, text: 'label', frameAnchor: 'right' }),
      ruleY(rows, {
        y: 'row',
        x1: 'other',
        x2: 'own',
        stroke: themeColor('level'),
        strokeWidth: 7,
        strokeOpacity: 0.3,
      }),
      dot(rows, {
        x: 'other',
        y: 'row',
        r: 4.5,
        stroke: themeColor('muted'),
        strokeWidth: 2,
        fill: themeColor('paper'),
      }),
      dot(rows, { x: 'own', y: 'row', r: 5, fill: themeColor('level') }),
    ],
  });
}
