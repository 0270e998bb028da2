import type { CommandRunner } from '../../../internal/run-command.ts';

/** Options of `slurm()`. */
export interface SlurmBackendOptions {
  /**
   * Directory for jobs. Each gets a subdirectory, named after the job's id. It must be on a file system that the nodes
   * see under the same path.
   */
  readonly dir: string;
  /** A Python with TRL, as the nodes see it. Default `python3`. */
  readonly python?: string | undefined;
  /** Default: the cluster's default partition. */
  readonly partition?: string | undefined;
  /** Default: your default account. */
  readonly account?: string | undefined;
  /**
   * Names of more environment variables that the job gets from `sbatch`, such as `['HF_TOKEN']`. Without it the job gets
   * what trainers may need (paths, caches, devices, proxies, certificates, modules), but no API key. Default: none.
   */
  readonly passEnv?: readonly string[] | undefined;
  /** More arguments for `sbatch`, such as `['--qos=long', '--constraint=a100']`. Default: none. */
  readonly sbatchOptions?: readonly string[] | undefined;
  /** Lines of bash to run before training, such as `['module load cuda']`. Default: none. */
  readonly prologue?: readonly string[] | undefined;
  /** Runs Slurm's commands, for example over ssh. Default: on this machine. */
  readonly runCommand?: CommandRunner | undefined;
}
