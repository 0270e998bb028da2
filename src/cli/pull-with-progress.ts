import { pullWeights } from '../weights/pull-weights.ts';
import type { WeightSetName } from '../weights/sources.ts';
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
  const status = createStatusLine();
  try {
    return await pullWeights({
      ...options,
      onEvent(event) {
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
    });
  } finally {
    status.clear();
  }
}
