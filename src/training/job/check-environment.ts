import { InvalidOptionError } from '../../errors.ts';

/**
 * Variables that decide which programs, libraries or modules run, with which machines a trainer exchanges objects, or to
 * which server it sends a key.
 */
const DECIDES_WHAT_RUNS = new RegExp(
  `^(?:${[
    // The shell. Variables of `run.sh` start with `aloe_`. Python imports packages below HOME by itself.
    'HOME|XDG_\\w+|aloe_\\w*|PATH|IFS|ENV|BASH\\w*|SHELLOPTS|PS4|PROMPT_COMMAND',
    'LD_\\w+|DYLD_\\w+|GCONV_PATH|GLIBC_TUNABLES|OPENSSL_\\w+|GIT_\\w+|HF_MODULES_CACHE|WANDB_{1,2}EXECUTABLE',
    '\\w+_INJECTION(?:32|64)_PATH|OMP_TOOL_LIBRARIES|HSA_TOOLS_LIB|UCX_MODULE_DIR',
    'PYTHON(?!HASHSEED$|UNBUFFERED$|FAULTHANDLER$)\\w*',
    'CC|CXX|\\w*(?:C|CXX|CPP|LD|NVCC|\\wPEND)_?FLAGS|GCC_EXEC_PREFIX|COMPILER_PATH|CUDA_HOME|CUDA_PATH|ROCM_HOME|ROCM_PATH|HIP_PATH|NCCL_\\w*PLUGIN|NCCL_CONF_FILE|TRITON_\\w+|TORCH_EXTENSIONS_DIR|TORCHINDUCTOR_CACHE_DIR',
    // Processes of one training unpickle what the others send.
    'MASTER_ADDR|MASTER_PORT|RANK|LOCAL_RANK|WORLD_SIZE|LOCAL_WORLD_SIZE|NODE_RANK|TORCHELASTIC_\\w+',
    // Servers that get HF_TOKEN and the like, and what stands between.
    'HF_\\w*ENDPOINT|WANDB_BASE_URL|COMET_URL_OVERRIDE|MLFLOW_TRACKING_URI|\\w+_PROXY|SSL_CERT_\\w+|\\w+_CA_BUNDLE',
  ].join('|')})$`,
  'i',
);

/** What a shell accepts as the name of a variable. */
export const VARIABLE_NAME: RegExp = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Checks a job's environment variables. A job may come from a file, so it must not choose the code that runs.
 *
 * @throws InvalidOptionError for an invalid name, or a variable such as `PATH` or `HF_ENDPOINT`.
 */
export function checkEnvironment(environment: Readonly<Record<string, string>>): void {
  const names = Object.keys(environment);
  const invalid = names.find((name) => !VARIABLE_NAME.test(name));
  if (invalid !== undefined) throw new InvalidOptionError('environment', 'valid variable names', invalid);
  const refused = names.find((name) => DECIDES_WHAT_RUNS.test(name));
  if (refused === undefined) return;
  throw new InvalidOptionError(
    'environment',
    'no variable that decides which code runs, or where keys go',
    refused,
    {
      hint: 'Set it where the trainer runs: in your environment for local(), in "prologue" for slurm(), in "runtimeEnv" for ray().',
    },
  );
}
