import { html, type Markup } from '../../page/html.ts';
import { type TrainingQuantity, trainingChart } from '../charts/training-chart.ts';
import type { TrainingCurve } from '../report-options.ts';
import { figure, type Section } from './section.ts';

const QUANTITIES: readonly TrainingQuantity[] = ['loss', 'margin', 'accuracy'];

/** Training curves by job and stage. */
export function trainingSection(training: readonly TrainingCurve[]): Section {
  return {
    id: 'training',
    heading: 'Training',
    content: html`<p class="note">Solid lines: training. Dashed lines with dots: validation.</p>
${training.map(job)}`,
  };
}

function job({ name, metrics }: TrainingCurve): Markup {
  const stages = [...new Set(metrics.map(({ stage }) => stage))];
  const charts = stages.flatMap((stage) =>
    QUANTITIES.flatMap((quantity) => {
      const svg = trainingChart(metrics, { stage, quantity });
      return svg === null ? [] : [figure(svg, `Stage ${stage}`)];
    }),
  );
  return html`<h3><bdi>${name}</bdi></h3>
${charts.length === 0 ? html`<p class="note">No steps were logged.</p>` : html`<div class="panels">${charts}</div>`}`;
}
