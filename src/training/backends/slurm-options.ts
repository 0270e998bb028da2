import type { CommandRunner } from '../../internal/run-command.ts';

export interface SlurmBackendOptions {
  /** Jobs live here, each in a folder named after its id: on a file system that the nodes see under the same path. */
  readonly folder: string;
  /** A Python with TRL, as the nodes see it. Default `python3`. */
  readonly python?: string | undefined;
  readonly partition?: string | undefined;
  readonly account?: string | undefined;
  /** More words for `sbatch`: `['--qos=long', '--constraint=a100']`. */
  readonly sbatchOptions?: readonly string[] | undefined;
  /** Lines of bash before the training: `['module load cuda']`. */
  readonly prologue?: readonly string[] | undefined;
  /** Runs Slurm's commands, for example over ssh. Default: on this machine. */
  readonly runCommand?: CommandRunner | undefined;
}
