import { axisX, axisY, dot, gridY, lineY } from '@observablehq/plot';
import { themeColor } from '../../page/theme.ts';
import type { TrainingMetric } from '../../training/training-backend.ts';
import { drawChart } from './draw-chart.ts';

/**
 * The names under which trainers log each quantity; the first that occurs is used. The prefix `eval_` marks validation
 * data.
 */
const QUANTITIES: Readonly<Record<TrainingQuantity, { names: readonly string[]; title: string }>> = {
  loss: { names: ['loss'], title: 'Loss' },
  margin: { names: ['rewards/margins'], title: 'Reward margin' },
  accuracy: { names: ['rewards/accuracies', 'mean_token_accuracy'], title: 'Accuracy' },
};

const WIDTH = 340;

/** The quantity shown by a training chart. */
export type TrainingQuantity = 'loss' | 'margin' | 'accuracy';

interface Point {
  readonly step: number;
  readonly value: number;
  readonly split: 'training' | 'validation';
}

/**
 * Draws one quantity of one training stage by step as SVG: training as a solid line, validation as a dashed line with
 * dots. Null if the stage did not log the quantity.
 */
export function trainingChart(
  metrics: readonly TrainingMetric[],
  { stage, quantity }: { readonly stage: string; readonly quantity: TrainingQuantity },
): string | null {
  const { names, title } = QUANTITIES[quantity];
  const logged = metrics.filter((metric) => metric.stage === stage);
  const points = names
    .map((name) => logged.flatMap((metric) => pointsOf(metric, name)))
    .find((found) => found.length > 0);
  if (points === undefined) return null;
  const split = (name: Point['split']) => points.filter((point) => point.split === name);
  const validation = split('validation');
  const first = points[0]!.value.toPrecision(3);
  const last = points.at(-1)!.value.toPrecision(3);
  return drawChart({
    title: `${title} of stage ${stage} by step`,
    description: `${points.length} logged steps, from ${first} at the first to ${last} at the last.`,
    width: WIDTH,
    height: 220,
    marginLeft: 48,
    marginTop: 26,
    marginBottom: 40,
    x: { label: null, nice: true },
    y: { label: null, nice: true, ...(quantity === 'accuracy' && { domain: [0, 1] }) },
    marks: [
      gridY({ stroke: themeColor('line'), strokeOpacity: 1 }),
      axisX({ ticks: 4, tickSize: 0, label: 'step', labelArrow: 'none', labelOffset: 34 }),
      axisY({ ticks: 5, tickSize: 0, label: title.toLowerCase(), labelArrow: 'none' }),
      lineY(thinned(split('training')), {
        x: 'step',
        y: 'value',
        stroke: themeColor('level'),
        strokeWidth: 1.75,
      }),
      lineY(validation, { x: 'step', y: 'value', stroke: themeColor('fit'), strokeDasharray: '4,3' }),
      dot(validation, { x: 'step', y: 'value', fill: themeColor('fit'), r: 3 }),
    ],
  });
}

/** Thins points to what the width can show: the lowest and highest of those that share a pixel. */
function thinned(points: readonly Point[]): readonly Point[] {
  if (points.length <= 2 * WIDTH) return points;
  const size = Math.ceil(points.length / WIDTH);
  return Array.from({ length: Math.ceil(points.length / size) }, (_, band) => {
    const inside = points.slice(band * size, (band + 1) * size).sort((a, b) => a.value - b.value);
    return [inside[0]!, inside.at(-1)!].sort((a, b) => a.step - b.step);
  }).flat();
}

function pointsOf({ step, values }: TrainingMetric, name: string): Point[] {
  const splits = [
    { split: 'training', value: values[name] },
    { split: 'validation', value: values[`eval_${name}`] },
  ] as const;
  return splits.flatMap(({ split, value }) =>
    value === undefined || !Number.isFinite(value) ? [] : [{ step, value, split }],
  );
}
