import { axisX, axisY, gridY, rectY, ruleX, text } from '@observablehq/plot';
import { decimals } from '../../internal/format.ts';
import { themeColor } from '../../page/theme.ts';
import type { KindDescription } from '../../personas/describe/pool-description.ts';
import { drawChart } from './draw-chart.ts';

/** Bins per unit of similarity. */
const BINS = 20;

/** Draws as SVG how many entries have how similar a nearest neighbour, with the threshold as a line. */
export function neighbourHistogram({ entries, threshold }: KindDescription, kind: string): string {
  const similarities = entries.flatMap(({ similarity }) => (similarity === null ? [] : [similarity]));
  const lowest = Math.min(...similarities, threshold);
  const first = Math.floor(lowest * BINS);
  const bins = Array.from({ length: BINS - first }, (_, index) => {
    const from = (first + index) / BINS;
    const to = (first + index + 1) / BINS;
    const isLast = first + index === BINS - 1;
    const count = similarities.filter((value) => value >= from && (value < to || isLast)).length;
    return { from, to, count, label: `${decimals(from, 2)} to ${decimals(to, 2)}: ${count}` };
  });
  return drawChart({
    title: `Similarity of ${kind} to their nearest neighbour`,
    description: bins.map(({ label }) => label).join('; '),
    width: 460,
    height: 240,
    marginLeft: 34,
    marginRight: 12,
    marginTop: 22,
    marginBottom: 40,
    x: { domain: [first / BINS, 1] },
    marks: [
      gridY({ ticks: 4, stroke: themeColor('line'), strokeOpacity: 1 }),
      axisX({
        ticks: 6,
        tickSize: 0,
        label: 'Cosine similarity to the nearest neighbour',
        labelArrow: 'none',
      }),
      axisY({ ticks: 4, tickSize: 0, label: null }),
      rectY(bins, {
        x1: 'from',
        x2: 'to',
        y: 'count',
        fill: themeColor('level'),
        inset: 0.5,
        title: 'label',
      }),
      ruleX([threshold], { stroke: themeColor('warning'), strokeWidth: 1.5, strokeDasharray: '4,3' }),
      text([threshold], {
        x: (value: number) => value,
        frameAnchor: 'top',
        dy: -14,
        text: (value: number) => `threshold ${value}`,
      }),
    ],
  });
}
