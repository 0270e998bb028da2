import { pullWeights } from '../weights/pull-weights.ts';
import type { WeightSetName } from '../weights/sources.ts';
import type { WeightsEvent } from '../weights/weights-event.ts';
import { createStatusLine, megabytes, printError } from './terminal.ts';

/** As {@link pullWeights}, with a signal. */
export interface PullWithProgressOptions<Name extends WeightSetName> {
  readonly sets?: readonly Name[] | undefined;
  readonly modelsDir?: string | undefined;
  readonly offline?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** Downloads the weights that are missing, and shows progress. Resolves to the path of each set. */
export async function pullWithProgress<Name extends WeightSetName>(
  options: PullWithProgressOptions<Name>,
): Promise<Record<Name, string>> {
  const display = showWeights();
  try {
    return await pullWeights({ ...options, onEvent: display.take });
  } finally {
    display.stop();
  }
}

/** Shows on stderr what `pullWeights` reports, until `stop()`. */
export function showWeights(): { take(event: WeightsEvent): void; stop(): void } {
  const status = createStatusLine();
  return {
    take(event) {
      if (event.type === 'download-progress') {
        const { set, source, bytes, totalBytes } = event;
        status.update(`  ${set} from ${source}: ${megabytes(bytes)} of ${megabytes(totalBytes)}`);
        return;
      }
      status.clear();
      if (event.type === 'download-start') {
        printError(`  downloading ${event.set} (${megabytes(event.totalBytes)}) from ${event.source} …`);
      } else if (event.type === 'source-failed') {
        printError(`  ${event.source} failed: ${event.reason}`);
      } else {
        printError(`  ${event.set}: ${event.path}`);
      }
    },
    stop: () => status.clear(),
  };
}
