import { messageOf } from '../../internal/message-of.ts';
import { followTraining, isFinal, type TrainingEvent } from '../../training/follow-training.ts';
import type {
  TrainingBackend,
  TrainingHandle,
  TrainingMetric,
  TrainingStatus,
} from '../../training/training-backend.ts';
import { createStatusLine, printError } from '../terminal.ts';

/** Printed when the user interrupts the command. */
export const GOES_ON = 'Stopped watching. The job keeps running.';

/** Metrics to show live: the trainer's name and ours. */
const SHOWN: readonly (readonly [name: string, label: string])[] = [
  ['loss', 'loss'],
  ['eval_loss', 'validation loss'],
  ['rewards/margins', 'reward margin'],
  ['rewards/accuracies', 'accuracy'],
  ['mean_token_accuracy', 'token accuracy'],
];

/** `dpo, step 12: loss 0.61, reward margin 0.21, accuracy 0.88`. Null for a step without any of these metrics. */
function describeMetric({ stage, step, values }: TrainingMetric): string | null {
  const parts = SHOWN.flatMap(([name, label]) => {
    const value = values[name];
    return value === undefined ? [] : [`${label} ${Number(value.toPrecision(3))}`];
  });
  return parts.length === 0 ? null : `${stage}, step ${step}: ${parts.join(', ')}`;
}

/** `failed (exit code 1): ValueError: …` */
export function describeStatus({ state, exitCode, reason }: TrainingStatus): string {
  const code = exitCode === null ? '' : ` (exit code ${exitCode})`;
  return `${state}${code}${reason === null ? '' : `: ${reason}`}`;
}

/** The last step of each stage that has metrics to show. */
function lastMetrics(metrics: readonly TrainingMetric[]): string[] {
  const last = new Map<string, string>();
  for (const metric of metrics) {
    const text = describeMetric(metric);
    if (text !== null) last.set(metric.stage, text);
  }
  return [...last.values()];
}

/** How a job ended. */
export interface EndedTraining {
  readonly status: TrainingStatus;
  readonly metrics: readonly TrainingMetric[];
}

/** State and last metrics of a job, for stdout. */
export function describeTraining({ status, metrics }: EndedTraining): string {
  return [describeStatus(status), ...lastMetrics(metrics)].join('\n  ');
}

/**
 * Shows a job on stderr while it runs: each state on its own line, and the latest step on a status line. How it ends is left
 * to the caller.
 */
export async function showTraining(
  backend: TrainingBackend,
  handle: TrainingHandle,
  signal: AbortSignal,
): Promise<EndedTraining> {
  const line = createStatusLine();
  const metrics: TrainingMetric[] = [];
  let status: TrainingStatus = { state: 'queued', exitCode: null, reason: null };
  const take = (event: TrainingEvent): void => {
    if (event.type === 'metric-logged') {
      metrics.push(event.metric);
      const text = describeMetric(event.metric);
      if (text !== null) line.update(`  ${text}`);
    } else if (event.type === 'poll-failed') {
      line.update(`  Retrying: ${messageOf(event.error)}`);
    } else if (event.type === 'state-changed') {
      status = event.status;
      line.clear();
      if (!isFinal(status)) printError(describeStatus(status));
    }
  };
  try {
    for await (const event of followTraining(backend, handle, { pollMs: 1_000, signal })) take(event);
  } finally {
    line.clear();
  }
  return { status, metrics };
}
