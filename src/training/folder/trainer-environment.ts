import { InvalidOptionError } from '../../errors.ts';
import { VARIABLE_NAME } from '../job/check-environment.ts';

/** Variables that a trainer may need: to find programs, homes, caches, devices, proxies and certificates. */
const NEEDED: readonly string[] = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'TEMP', 'TMP', 'TERM'],
  ...['XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_RUNTIME_DIR'],
  ...['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'],
  ...['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'DYLD_FALLBACK_LIBRARY_PATH'],
  ...['PYTHONPATH', 'PYTHONHOME', 'PYTHONUSERBASE', 'PYTHONNOUSERSITE', 'PYTHONHASHSEED', 'PYTHONUTF8'],
  ...['PYTHONIOENCODING', 'PYTHONDONTWRITEBYTECODE', 'PYTHONPYCACHEPREFIX'],
  ...[
    'VIRTUAL_ENV',
    'CONDA_PREFIX',
    'CONDA_DEFAULT_ENV',
    'PYENV_ROOT',
    'PYENV_VERSION',
    'GPU_DEVICE_ORDINAL',
  ],
  // Settings whose names look like those of secrets.
  ...['HF_TOKEN_PATH', 'HF_HUB_DISABLE_IMPLICIT_TOKEN'],
];

/** Settings of devices and libraries. */
const FAMILIES =
  /^(?:LC|CUDA|CUDNN|CUBLAS|NVIDIA|NCCL|GLOO|UCX|ROCM|ROCR|HIP|HSA|MIOPEN|ZE|ONEAPI|SYCL|HF|HUGGINGFACE_HUB|TRANSFORMERS|DATASETS|TOKENIZERS|SAFETENSORS|ACCELERATE|TRL|DS|DEEPSPEED|BNB|TORCH|PYTORCH|TORCHINDUCTOR|TORCHDYNAMO|TRITON|OMP|MKL|KMP|GOMP|OPENBLAS|BLIS|NUMEXPR|MALLOC)_/;

/** A part of the names of secrets: `HF_TOKEN`, `NVIDIA_API_KEY`. */
const SECRET = /_(?:APIKEY|AUTH|CREDENTIALS?|KEYS?|PASSWD|PASSWORD|PAT|SECRETS?|TOKENS?)\d*(?:_|$)/i;

/**
 * Names of the variables that trainers get: those they may need, as far as `environment` has them, and those the user
 * names. Nothing else reaches them, so that an API key does not leave by accident.
 */
export function trainerVariables(environment: NodeJS.ProcessEnv, passEnv: readonly string[]): string[] {
  const families = Object.keys(environment).filter((name) => FAMILIES.test(name) && !SECRET.test(name));
  return [...new Set([...NEEDED, ...families, ...passEnv])];
}

/** The environment of a trainer on this machine. */
export function trainerEnvironment(
  environment: NodeJS.ProcessEnv,
  passEnv: readonly string[],
): NodeJS.ProcessEnv {
  const names = trainerVariables(environment, passEnv).filter((name) => environment[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, environment[name]]));
}

/** @throws InvalidOptionError unless these are names of variables. A value, such as `HF_TOKEN=hf_x`, is not shown. */
export function checkPassEnv(passEnv: readonly string[] = []): readonly string[] {
  if (!Array.isArray(passEnv)) throw new InvalidOptionError('passEnv', 'a list of variable names', passEnv);
  for (const name of passEnv) {
    if (typeof name === 'string' && VARIABLE_NAME.test(name)) continue;
    const shown = typeof name === 'string' ? name.replace(/=.*/s, '=…') : name;
    throw new InvalidOptionError('passEnv', 'names of environment variables, without values', shown);
  }
  return passEnv;
}
