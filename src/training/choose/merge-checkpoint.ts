import { rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { TrainingError } from '../../errors.ts';
import { temporaryName } from '../../internal/leftovers.ts';
import { makeDirectory } from '../../internal/make-directory.ts';
import { runCommand } from '../../internal/run-command.ts';
import { pythonFilePath } from '../folder/python-script.ts';
import { trainerEnvironment } from '../folder/trainer-environment.ts';

/** What a merge needs. */
export interface MergeOptions {
  /** The job's directory: the base in an adapter's config is relative to it. */
  readonly folder: string;
  readonly python: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Merges an adapter into the model it was trained on. The directory is there once it is complete.
 *
 * @throws TrainingError with the end of the output if it fails.
 */
export async function mergeCheckpoint(adapter: string, out: string, options: MergeOptions): Promise<void> {
  const { folder, python, signal } = options;
  const target = resolve(out);
  makeDirectory(dirname(target));
  const draft = temporaryName(target);
  try {
    const command = [python, pythonFilePath('merge_adapter.py'), resolve(adapter), draft];
    // The job's directory must not provide modules.
    const env = { ...trainerEnvironment(process.env, []), PYTHONSAFEPATH: '1' };
    const { exitCode, stderr } = await runCommand(command, { cwd: folder, env, signal });
    if (exitCode !== 0) {
      throw new TrainingError(
        'merging',
        `${adapter}: ${stderr.trim().slice(-1_000) || `exit code ${exitCode}`}`,
      );
    }
    await rename(draft, target);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
