import { pullWeights } from '../weights/pull-weights.ts';
import type { WeightSetName } from '../weights/sources.ts';
import { createStatusLine, megabytes } from './terminal.ts';

export interface PullWithProgressOptions<Name extends WeightSetName> {
  readonly sets?: readonly Name[] | undefined;
  readonly modelsDir?: string | undefined;
  readonly offline?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** Fetches weights that are not on this machine yet, and tells what it does. */
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
          console.log(`  fetching ${event.set} (${megabytes(event.totalBytes)}) from ${event.source} …`);
        } else if (event.type === 'source-failed') {
          console.log(`  ${event.source} did not deliver: ${event.reason}`);
        } else {
          console.log(`  ${event.set} is at ${event.path}`);
        }
      },
    });
  } finally {
    status.clear();
  }
}
