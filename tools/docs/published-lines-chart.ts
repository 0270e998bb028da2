import { dot, lineY } from '@observablehq/plot';
import { type PublishedResult, publishedResults } from '../../src/benchmark/published-results.ts';
import { improvementRate } from '../../src/metrics/index.ts';
import { themeColor } from '../../src/page/theme.ts';
import { drawChart } from '../../src/report/charts/draw-chart.ts';
import { panelHeading } from '../../src/report/charts/panel-heading.ts';
import { arrangePanels } from '../../src/report/charts/panels.ts';
import { turnAxes } from '../../src/report/charts/turn-axes.ts';

const SHOWN: readonly (readonly [model: string, type: string])[] = [
  ['Qwen2-7B-Instruct', 'Base'],
  ['Qwen2-7B-Instruct', 'Ours'],
  ['Llama-3-8B-Instruct', 'Ours'],
  ['OLMo-7B-0724-Instruct', 'Base'],
];

/** Four rows of the paper's Table 1 with the line that IR is the slope of: a bend, a ceiling, a plain line, a hill. */
export function publishedLinesChart(): string {
  const { places, frame } = arrangePanels(SHOWN.length, 2);
  const panels = SHOWN.map(([model, type], index) => {
    const row = rowOf(model, type);
    return { row, line: improvementRate(row.levels)!, place: places[index]! };
  });
  const panel = { fx: 'column', fy: 'row', x: 'turn', y: 'level' } as const;
  const points = panels.flatMap(({ row, place }) =>
    row.levels.map((level, index) => ({ ...place, turn: index + 1, level })),
  );
  const fits = panels.flatMap(({ line, place }) =>
    [1, 10].map((turn) => ({ ...place, turn, level: line.intercept + line.slope * turn })),
  );
  return drawChart({
    title: 'AL(k) of four models of the paper, with the straight line closest to each',
    description: panels.map(({ row, line }) => `${nameOf(row)}: ${ratesOf(line)}.`).join(' '),
    ...frame,
    x: { domain: [1, 10] },
    y: { domain: [2, 5], clamp: true },
    marks: [
      ...turnAxes(10),
      lineY(fits, { ...panel, stroke: themeColor('fit'), strokeDasharray: '5,4', strokeWidth: 1.5 }),
      lineY(points, { ...panel, stroke: themeColor('level'), strokeWidth: 2 }),
      dot(points, { ...panel, fill: themeColor('level'), r: 2.75 }),
      ...panels.flatMap(({ row, line, place }) => panelHeading(place, nameOf(row), ratesOf(line))),
    ],
  });
}

function rowOf(model: string, type: string): PublishedResult {
  return publishedResults.find((row) => row.table === 1 && row.model === model && row.type === type)!;
}

function nameOf({ model, type }: PublishedResult): string {
  return `${model}, ${type}`;
}

function ratesOf({ slope, r2 }: NonNullable<ReturnType<typeof improvementRate>>): string {
  return `IR ${slope.toFixed(3)}, R2 ${r2?.toFixed(2)}`;
}
