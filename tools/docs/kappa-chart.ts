import { axisX, barX, gridX, text } from '@observablehq/plot';
import type { EvaluationResult } from '../../src/evaluation/evaluation-result.ts';
import { cohensKappa } from '../../src/metrics/index.ts';
import { themeColor } from '../../src/page/theme.ts';
import { drawChart } from '../../src/report/charts/draw-chart.ts';

/** Of 40 ratings per response, so many are a point off on each side, and the others are the judge's: 85 % agree. */
const RATINGS = 40;
const OFF_ON_EACH_SIDE = 3;
const ROW_HEIGHT = 52;

/**
 * Kappa between a judge's real scores and one and the same rater, who agrees with 85 of 100 scores and is else one point off.
 * Only how often the judge gives each score differs between the rows.
 */
export function kappaChart(results: readonly EvaluationResult[]): string {
  const rows = results.map(({ candidate, cases }, row) => {
    const scores = cases.flatMap(({ turns }) => turns.flatMap(({ judgement }) => judgement.score ?? []));
    const judge = scores.flatMap((score) => Array<number>(RATINGS).fill(score));
    const rater = scores.flatMap(ratingsOf);
    const top = scores.filter((score) => score === 5).length / scores.length;
    return {
      row,
      name: candidate.name,
      kappa: cohensKappa(judge, rater)!,
      judge: `${(100 * top).toFixed(0)} % of the judge's scores are 5`,
    };
  });
  return drawChart({
    title: 'Kappa between a judge and the same rater, for three candidates',
    description: rows
      .map(({ name, kappa, judge }) => `${name}: kappa ${kappa.toFixed(2)}, ${judge}.`)
      .join(' '),
    width: 560,
    height: 60 + ROW_HEIGHT * rows.length,
    marginLeft: 12,
    marginRight: 40,
    marginTop: 34,
    marginBottom: 24,
    x: { domain: [0, 1] },
    y: { type: 'band', domain: rows.map(({ row }) => row), axis: null },
    marks: [
      gridX({ ticks: 5, stroke: themeColor('line'), strokeOpacity: 1 }),
      axisX({ ticks: 5, tickSize: 0, label: null }),
      text(['The rater agrees with 85 % of the scores in every row'], {
        frameAnchor: 'top-left',
        textAnchor: 'start',
        dy: -24,
        fill: themeColor('muted'),
      }),
      barX(rows, { y: 'row', x: 'kappa', fill: themeColor('level'), insetTop: 24, insetBottom: 10 }),
      text(rows, { y: 'row', dy: -13, text: 'name', frameAnchor: 'left', fontSize: 13, fontWeight: 600 }),
      text(rows, { y: 'row', dy: -13, text: 'judge', frameAnchor: 'right' }),
      text(rows, {
        y: 'row',
        x: 'kappa',
        dx: 6,
        dy: 7,
        textAnchor: 'start',
        text: ({ kappa }) => kappa.toFixed(2),
        fontWeight: 600,
      }),
    ],
  });
}

function ratingsOf(score: number): number[] {
  const neighbours = [score - 1, score + 1].filter((rating) => rating >= 1 && rating <= 5);
  const off = neighbours.flatMap((rating) =>
    Array<number>((2 * OFF_ON_EACH_SIDE) / neighbours.length).fill(rating),
  );
  return [...off, ...Array<number>(RATINGS - off.length).fill(score)];
}
