import { errorSentence } from '../internal/describe-error.ts';
import { counted, duration } from '../internal/format.ts';
import type { BatchEvent } from '../models/batch/batch-events.ts';

/** What happened to a batch, as a sentence. */
export function describeBatch(event: BatchEvent): string {
  switch (event.type) {
    case 'batch-submitted':
      return event.resumed
        ? `Waiting for ${callsOf(event)} in batch ${event.batch}, which was submitted earlier.`
        : `Submitted ${callsOf(event)} as batch ${event.batch}. It may take up to 24 hours.`;
    case 'batch-progress':
      return `Batch ${event.batch}: ${inFull(event.answered)} of ${calls(event.rows)} answered.`;
    case 'batch-done': {
      const refused = event.refused === 0 ? '' : `, ${calls(event.refused)} refused`;
      const again = event.again === 0 ? '' : ` ${calls(event.again)} will be sent again.`;
      return `Batch ${event.batch} has ended after ${duration(event.durationMs)}: ${calls(event.answered)} answered${refused}.${again}`;
    }
    case 'batch-retry': {
      const { error, waitMs } = event;
      return `${errorSentence(error)} Trying again in ${duration(waitMs)}.`;
    }
    case 'batch-left':
      return `Batch ${event.batch} with ${callsOf(event)} runs on. The same command, run again, takes it up.`;
  }
}

function callsOf({ rows, model }: { readonly rows: number; readonly model: string }): string {
  return `${calls(rows)} of ${model}`;
}

const inFull = (count: number) => count.toLocaleString('en');

const calls = (count: number) => counted(count, 'call', inFull);
