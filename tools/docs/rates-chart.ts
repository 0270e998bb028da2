import { axisX, axisY, dot, gridX, gridY, rect, text } from '@observablehq/plot';
import { publishedResults } from '../../src/benchmark/published-results.ts';
import { themeColor } from '../../src/page/theme.ts';
import { drawChart } from '../../src/report/charts/draw-chart.ts';

/** How far the N-IR of a model that does not improve strays with 100 cases of ten turns: see docs/metrics.md. */
const NULL_BAND = 0.066;
/** Rows whose place says most, with the side on which their name has room. */
const NAMED: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  'Qwen2-7B-Instruct, Base': [-9, 0],
  'Qwen2-7B-Instruct, Ours': [9, -9],
  'Mistral-7B-Instruct, Ours': [9, 0],
  'Llama-3-8B-Instruct, Ours': [9, -9],
  'Llama-3-8B-Instruct, Base': [9, 13],
  'OLMo-7B-0724-Instruct, Base': [9, -4],
};

/** IR across and N-IR upwards for the 16 rows of the paper's Table 1, with the null band of N-IR. */
export function ratesChart(): string {
  const rows = publishedResults
    .filter(({ table }) => table === 1)
    .map((row) => ({
      name: `${row.model}, ${row.type}`,
      x: row.improvementRate,
      y: row.normalizedImprovementRate,
    }));
  const named = rows.flatMap((row) => {
    const place = NAMED[row.name];
    return place === undefined ? [] : [{ ...row, dx: place[0], dy: place[1] }];
  });
  const label = { fill: themeColor('muted'), fontSize: 11 } as const;
  return drawChart({
    title: 'IR and N-IR of the 16 models in the paper',
    description: rows.map(({ name, x, y }) => `${name}: IR ${x}, N-IR ${y}.`).join(' '),
    width: 720,
    height: 330,
    marginLeft: 52,
    marginRight: 16,
    marginTop: 30,
    marginBottom: 44,
    x: { domain: [0, 0.27] },
    y: { domain: [0, 0.15] },
    marks: [
      rect([{}], { x1: 0, x2: 0.27, y1: 0, y2: NULL_BAND, fill: themeColor('muted'), fillOpacity: 0.14 }),
      gridX({ ticks: 5, stroke: themeColor('line'), strokeOpacity: 1 }),
      gridY({ ticks: 4, stroke: themeColor('line'), strokeOpacity: 1 }),
      axisX({
        ticks: 5,
        tickSize: 0,
        label: 'IR, points per turn',
        labelAnchor: 'right',
        labelArrow: 'none',
      }),
      axisY({ ticks: 4, tickSize: 0, label: 'N-IR', labelAnchor: 'top', labelArrow: 'none' }),
      text([{ x: 0.268, y: 0.006 }], {
        ...label,
        x: 'x',
        y: 'y',
        text: () => 'null band: N-IR by chance alone (100 cases, 10 turns)',
        textAnchor: 'end',
      }),
      dot(rows, { x: 'x', y: 'y', fill: themeColor('level'), r: 4 }),
      ...named.map((row) =>
        text([row], {
          ...label,
          x: 'x',
          y: 'y',
          text: 'name',
          dx: row.dx,
          dy: row.dy,
          textAnchor: row.dx < 0 ? 'end' : 'start',
        }),
      ),
    ],
  });
}
