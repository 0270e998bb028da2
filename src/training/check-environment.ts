import { InvalidOptionError } from '../errors.ts';

/** Variables that decide which programs, libraries or modules run, or with which machines a trainer exchanges objects. */
const DECIDES_WHAT_RUNS = new RegExp(
  `^(?:${[
    // The shell. Variables of `run.sh` start with `aloe_`.
    'aloe_\\w*|PATH|IFS|ENV|BASH\\w*|SHELLOPTS|PS4|PROMPT_COMMAND',
    'LD_\\w+|DYLD_\\w+|GCONV_PATH',
    'PYTHON(?!HASHSEED$|UNBUFFERED$|FAULTHANDLER$)\\w*',
    'CC|CXX|CUDA_HOME|CUDA_PATH|NCCL_\\w*PLUGIN|TRITON_\\w+|TORCH_EXTENSIONS_DIR|TORCHINDUCTOR_CACHE_DIR',
    // Processes of one training unpickle what the others send.
    'MASTER_ADDR|MASTER_PORT|RANK|LOCAL_RANK|WORLD_SIZE|LOCAL_WORLD_SIZE|NODE_RANK|TORCHELASTIC_\\w+',
  ].join('|')})$`,
);

/** What a shell accepts as the name of a variable. */
export const VARIABLE_NAME: RegExp = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Checks a job's environment variables. A job may come from a file, so it must not choose the code that runs.
 *
 * @throws InvalidOptionError for an invalid name, or a variable such as `PATH`.
 */
export function checkEnvironment(environment: Readonly<Record<string, string>>): void {
  const names = Object.keys(environment);
  const invalid = names.find((name) => !VARIABLE_NAME.test(name));
  if (invalid !== undefined) throw new InvalidOptionError('environment', 'valid variable names', invalid);
  const refused = names.find((name) => DECIDES_WHAT_RUNS.test(name));
  if (refused === undefined) return;
  throw new InvalidOptionError('environment', 'no variable that decides which code runs', refused, {
    hint: 'Set it where the trainer runs: in your environment for local(), in "prologue" for slurm(), in "runtimeEnv" for ray().',
  });
}
