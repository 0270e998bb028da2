import { followTraining, type TrainingEvent } from '../../training/follow-training.ts';
import type {
  TrainingBackend,
  TrainingHandle,
  TrainingMetric,
  TrainingStatus,
} from '../../training/training-backend.ts';
import { createStatusLine } from '../terminal.ts';

/** Said when the one who looks leaves. */
export const GOES_ON = 'Leaving: the job goes on.';

/** What is worth a look while it moves, by the trainers' names and ours. */
const SHOWN: readonly (readonly [name: string, label: string])[] = [
  ['loss', 'loss'],
  ['eval_loss', 'validation loss'],
  ['rewards/margins', 'reward margin'],
  ['rewards/accuracies', 'accuracy'],
  ['mean_token_accuracy', 'token accuracy'],
];

/** `dpo, step 12: loss 0.61, reward margin 0.21, accuracy 0.88`; null for a step without any of these. */
function describeMetric({ stage, step, values }: TrainingMetric): string | null {
  const parts = SHOWN.flatMap(([name, label]) => {
    const value = values[name];
    return value === undefined ? [] : [`${label} ${Number(value.toPrecision(3))}`];
  });
  return parts.length === 0 ? null : `${stage}, step ${step}: ${parts.join(', ')}`;
}

export function describeStatus({ state, exitCode, reason }: TrainingStatus): string {
  const code = exitCode === null ? '' : ` (exit code ${exitCode})`;
  return `${state}${code}${reason === null ? '' : `: ${reason}`}`;
}

/** The last described step of each stage. */
export function lastMetrics(metrics: readonly TrainingMetric[]): string[] {
  const last = new Map<string, string>();
  for (const metric of metrics) {
    const text = describeMetric(metric);
    if (text !== null) last.set(metric.stage, text);
  }
  return [...last.values()];
}

/** Shows a job until it has ended: states as lines, the newest step as one line that is rewritten. */
export async function showTraining(
  backend: TrainingBackend,
  handle: TrainingHandle,
  signal: AbortSignal,
): Promise<TrainingStatus> {
  const line = createStatusLine();
  const metrics: TrainingMetric[] = [];
  let status: TrainingStatus = { state: 'queued', exitCode: null, reason: null };
  const take = (event: TrainingEvent): void => {
    if (event.type === 'metric-logged') {
      metrics.push(event.metric);
      const text = describeMetric(event.metric);
      if (text !== null) line.update(`  ${text}`);
    } else if (event.type === 'look-failed') {
      line.update(`  Asked again: ${(event.error as Error).message}`);
    } else if (event.type === 'state-change') {
      status = event.status;
      line.clear();
      console.log(describeStatus(status));
    }
  };
  try {
    for await (const event of followTraining(backend, handle, { pollMs: 1_000, signal })) take(event);
  } finally {
    line.clear();
  }
  for (const text of lastMetrics(metrics)) console.log(`  ${text}`);
  return status;
}
