import { dot, lineY } from '@observablehq/plot';
import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import { checkNumber } from '../../internal/options.ts';
import { themeColor } from '../../page/theme.ts';
import type { AlignmentChartOptions } from './alignment-chart.ts';
import { drawChart } from './draw-chart.ts';
import { panelHeading } from './panel-heading.ts';
import { arrangePanels } from './panels.ts';
import { turnAxes } from './turn-axes.ts';

/**
 * Draws the revelation curve as SVG: the mean share of the persona's statements revealed by turn k, one panel per
 * evaluation. Panels match those of `alignmentChart` in size and turns, so that the two can be read together: if nothing
 * was revealed, a flat AL(k) is not the candidate's fault.
 *
 * @throws InvalidOptionError if `columns` is not an integer of at least 1.
 */
export function revelationChart(
  evaluations: readonly EvaluationResult[],
  { columns = 3 }: Pick<AlignmentChartOptions, 'columns'> = {},
): string {
  checkNumber('columns', columns, { min: 1, integer: true });
  const { places, frame } = arrangePanels(evaluations.length, columns);
  const turns = Math.max(2, ...evaluations.map(({ levels }) => levels.length));
  const points = evaluations.flatMap(({ revelation }, index) =>
    (revelation ?? []).map(({ turn, share }) => ({ ...places[index]!, turn, share })),
  );
  const revealed = { fx: 'column', fy: 'row', x: 'turn', y: 'share' } as const;
  return drawChart({
    title: `Persona revealed by turn: ${evaluations.map(({ candidate }) => candidate.name).join(', ')}`,
    description: evaluations.map((each) => `${each.candidate.name}: ${describeShares(each)}.`).join(' '),
    ...frame,
    x: { domain: [1, turns] },
    y: { domain: [0, 1] },
    marks: [
      ...turnAxes(turns, percent),
      lineY(points, { ...revealed, stroke: themeColor('revealed'), strokeWidth: 2 }),
      dot(points, { ...revealed, fill: themeColor('revealed'), r: 2.75 }),
      ...evaluations.flatMap(({ candidate }, index) =>
        panelHeading(places[index]!, candidate.name, 'share of persona revealed'),
      ),
    ],
  });
}

function describeShares({ revelation }: EvaluationResult): string {
  if (revelation === null) return 'not measured';
  return revelation.map(({ share }) => (share === null ? '–' : percent(share))).join(', ');
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
