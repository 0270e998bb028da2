import { axisX, axisY, cell } from '@observablehq/plot';
import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import type { Judgement } from '../../evaluation/judge.ts';
import { simulationName } from '../../evaluation/repeats.ts';
import { oneLine } from '../../internal/format.ts';
import { themeColor } from '../../page/theme.ts';
import { drawChart } from './draw-chart.ts';

const WIDTH = 1_040;
const ROW_HEIGHT = 15;
const MARGIN = { top: 6, right: 4, bottom: 26, left: 46 } as const;
/** No more case names fit below the cells. */
const NAMES_SHOWN = 12;
/** Keeps cells from becoming broad stripes when there are few cases. */
const WIDEST_CELL = 80;

/**
 * Draws every score of an evaluation as SVG: one column per simulation, in the order of the benchmark, and one row per turn.
 * Fractional scores take the colour of the nearest whole score; an outlined cell has no score.
 */
export function scoreHeatMap(evaluation: EvaluationResult): string {
  const { cases, candidate } = evaluation;
  const { turns } = evaluation.lock;
  const cells = cases.flatMap(({ turns: played, ...simulation }, column) =>
    Array.from({ length: turns }, (_, index) => {
      const judgement = played[index]?.judgement;
      return {
        column,
        turn: index + 1,
        score: judgement?.score ?? null,
        label: `${simulationName(simulation)}, turn ${index + 1}: ${describeJudgement(judgement)}`,
      };
    }),
  );
  const columns = cases.map((_, column) => column);
  const every = Math.ceil(cases.length / NAMES_SHOWN);
  const missing = cells.filter(({ score }) => score === null).length;
  return drawChart({
    title: `Scores of ${candidate.name}, case by turn`,
    description: `${cases.length} ${evaluation.lock.repeats > 1 ? 'simulations' : 'cases'} in columns, ${turns} turns in rows, each score a cell from 1 to 5. ${missing} of ${cells.length} cells have no score.`,
    width: Math.min(WIDTH, MARGIN.left + MARGIN.right + WIDEST_CELL * cases.length),
    height: MARGIN.top + MARGIN.bottom + ROW_HEIGHT * turns,
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginBottom: MARGIN.bottom,
    marginLeft: MARGIN.left,
    x: { domain: columns, padding: 0.08, label: null },
    y: { domain: Array.from({ length: turns }, (_, index) => index + 1), padding: 0.1, label: null },
    marks: [
      axisX({
        // A name begins at its column and needs the room of the columns up to the next.
        ticks: columns.filter((column) => column % every === 0 && column + every <= cases.length),
        tickFormat: (column: number) =>
          oneLine(cases[column] === undefined ? '' : simulationName(cases[column])),
        tickSize: 0,
        textAnchor: every === 1 ? 'middle' : 'start',
      }),
      axisY({ tickFormat: (turn: number) => (turn === 1 || turn % 5 === 0 ? `k=${turn}` : ''), tickSize: 0 }),
      cell(cells, {
        x: 'column',
        y: 'turn',
        fill: ({ score }: { score: number | null }) => scoreColor(score),
        stroke: ({ score }: { score: number | null }) => (score === null ? themeColor('muted') : 'none'),
        inset: 0.5,
        title: 'label',
      }),
    ],
  });
}

/** `4`, `1 (no-response)`, `judge-failed`. */
function describeJudgement(judgement: Judgement | undefined): string {
  if (judgement === undefined) return 'not reached';
  const { score, status } = judgement;
  if (score === null) return status;
  return status === 'scored' ? String(score) : `${score} (${status})`;
}

const SCORE_COLORS = (['score-1', 'score-2', 'score-3', 'score-4', 'score-5'] as const).map(themeColor);

function scoreColor(score: number | null): string {
  return score === null ? 'none' : (SCORE_COLORS[Math.round(score) - 1] ?? 'none');
}
