import { resolve } from 'node:path';
import { TrainingError } from '../../errors.ts';
import { onAbort } from '../../internal/on-abort.ts';
import { pythonFilePath } from '../folder/python-script.ts';
import { trainerEnvironment } from '../folder/trainer-environment.ts';
import { startWatchedProcess } from '../serving/watched-process.ts';

/** What a merge needs. */
export interface MergeOptions {
  /** The job's directory: the base in an adapter's config is relative to it. */
  readonly folder: string;
  readonly python: string;
  readonly signal?: AbortSignal | undefined;
}

/** How long a merge that is aborted may take to end. */
const GRACE_MS = 1_000;

/**
 * Merges an adapter into the model it was trained on, and writes the complete weights to a directory. The merge ends with this
 * process, however that ends.
 *
 * @throws TrainingError with the end of the output if it fails. On abort, the signal's reason.
 */
export async function mergeCheckpoint(adapter: string, out: string, options: MergeOptions): Promise<void> {
  const { folder, python, signal } = options;
  signal?.throwIfAborted();
  const command = [python, pythonFilePath('merge_adapter.py'), resolve(adapter), resolve(out)];
  // The job's directory must not provide modules.
  const env = { ...trainerEnvironment(process.env, []), PYTHONSAFEPATH: '1' };
  const merge = await startWatchedProcess(command, { env, cwd: folder });
  const stop = () => void merge.end(GRACE_MS);
  const stopListening = signal && onAbort(signal, stop);
  // It may have fired while the process was started.
  if (signal?.aborted) stop();
  await merge.ended;
  stopListening?.();
  signal?.throwIfAborted();
  const outcome = merge.outcome();
  if (outcome === 0) return;
  throw new TrainingError(
    'merging',
    `${adapter}: ${merge.log().trim().slice(-1_000) || `it ended with ${outcome}`}`,
  );
}
