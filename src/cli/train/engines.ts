import type { StringArgDef } from 'citty';
import { readKey } from '../../config/read-key.ts';
import { InvalidOptionError } from '../../errors.ts';
import { checkChoice } from '../../internal/options.ts';
import type { JsonValue } from '../../json-value.ts';
import type { TrainingBackend } from '../../training/training-backend.ts';
import type { RepeatableArgDef } from '../parse-arguments.ts';
import { namedValueArg } from './named-values.ts';

type EngineFlag =
  | 'dir'
  | 'python'
  | 'pass-env'
  | 'partition'
  | 'account'
  | 'address'
  | 'shared-dir'
  | 'base-url'
  | 'repo'
  | 'flavor'
  | 'key-env';

/** An engine and its flags as plain data, so that another process can open the same backend. Keys are not part of it. */
export interface EngineChoice {
  readonly engine: string;
  readonly flags: Readonly<Partial<Record<EngineFlag, string>>>;
}

export const DEFAULT_DIR = 'runs/training';

export const engineArgs: Readonly<Record<'backend' | EngineFlag, StringArgDef>> = {
  backend: {
    type: 'string',
    description: 'Where to train: local (default), slurm, ray, hosted, hugging-face-jobs or together.',
  },
  dir: { type: 'string', description: `Directory for jobs and submissions (default: ${DEFAULT_DIR}).` },
  python: {
    type: 'string',
    description:
      'A Python with TRL (default: python3; for local, the environment of `aloe train setup` if there is one).',
  },
  'pass-env': {
    type: 'string',
    description:
      'More environment variables that local and slurm jobs get, by name, separated by commas: HF_TOKEN,WANDB_API_KEY.',
  },
  partition: { type: 'string', description: 'Slurm partition.' },
  account: { type: 'string', description: 'Slurm account.' },
  address: { type: 'string', description: 'URL of the Ray dashboard.' },
  'shared-dir': { type: 'string', description: 'Directory that the nodes of the Ray cluster share.' },
  'base-url': { type: 'string', description: 'Base URL of a hosted service, including /v1.' },
  repo: {
    type: 'string',
    description: 'Model repository on the Hugging Face hub for the result: me/bees-7b.',
  },
  flavor: { type: 'string', description: 'Machine of Hugging Face Jobs: a10g-small.' },
  'key-env': {
    type: 'string',
    description: 'Environment variable that holds the API key for Ray or the service.',
  },
};

/** The flag for options of a backend that have no flag of their own. */
export const ENGINE_OPTION = 'engine-option';

export const engineOptionArg: Readonly<Record<typeof ENGINE_OPTION, RepeatableArgDef>> = {
  [ENGINE_OPTION]: namedValueArg(
    'An option of the backend without a flag of its own, with a value in YAML: graceMs=60000, or \'prologue=["module load cuda"]\'.',
  ),
};

interface Engine {
  readonly takes: readonly EngineFlag[];
  readonly needs: readonly EngineFlag[];
  /** The options of the backend that these flags stand for. */
  options(flags: EngineChoice['flags']): Readonly<Record<string, unknown>>;
  /** The function that makes the backend. It checks its options. */
  load(): Promise<(options: never) => TrainingBackend>;
}

const ENGINES: Readonly<Record<string, Engine>> = {
  local: {
    takes: ['dir', 'python', 'pass-env'],
    needs: [],
    options: ({ 'pass-env': names, ...flags }) => ({ ...flags, passEnv: namesIn(names) }),
    load: async () => (await import('../../training/backends/local.ts')).local,
  },
  slurm: {
    takes: ['dir', 'python', 'pass-env', 'partition', 'account'],
    needs: [],
    options: ({ dir = DEFAULT_DIR, 'pass-env': names, ...flags }) => ({
      dir,
      ...flags,
      passEnv: namesIn(names),
    }),
    load: async () => (await import('../../training/backends/slurm.ts')).slurm,
  },
  ray: {
    takes: ['dir', 'python', 'address', 'shared-dir', 'key-env'],
    needs: ['address', 'shared-dir'],
    options: ({ python, address, 'shared-dir': dir, 'key-env': key }) => ({
      python,
      address,
      dir,
      apiKey: readKey('key-env', key),
    }),
    load: async () => (await import('../../training/backends/ray.ts')).ray,
  },
  hosted: {
    takes: ['dir', 'base-url', 'key-env'],
    needs: ['base-url'],
    options: ({ 'base-url': baseUrl, 'key-env': key }) => ({ baseUrl, apiKey: readKey('key-env', key) }),
    load: async () => (await import('../../training/backends/hosted.ts')).hosted,
  },
  'hugging-face-jobs': {
    takes: ['dir', 'repo', 'flavor', 'key-env'],
    needs: ['repo', 'flavor', 'key-env'],
    options: ({ repo, flavor, 'key-env': key }) => ({ repo, flavor, token: readKey('key-env', key) }),
    load: async () => (await import('../../training/backends/hugging-face-jobs.ts')).huggingFaceJobs,
  },
  together: {
    takes: ['dir', 'key-env'],
    needs: ['key-env'],
    options: ({ 'key-env': key }) => ({ apiKey: readKey('key-env', key) }),
    load: async () => (await import('../../training/backends/together.ts')).together,
  },
};

/** These would show a key to everyone who sees the command line. */
const SECRET_OPTIONS = ['apiKey', 'headers', 'token', 'secrets'];

/** @throws InvalidOptionError for an unknown engine, a flag it does not support, or a missing flag. */
export function chooseEngine(
  args: Readonly<{ [Name in 'backend' | EngineFlag]?: string | undefined }>,
): EngineChoice {
  const engine = checkChoice('backend', args.backend ?? 'local', Object.keys(ENGINES));
  const { takes, needs } = ENGINES[engine]!;
  const flags: Partial<Record<EngineFlag, string>> = {};
  for (const flag of Object.keys(engineArgs) as (keyof typeof engineArgs)[]) {
    const value = args[flag];
    if (flag === 'backend' || value === undefined) continue;
    if (!takes.includes(flag))
      throw new InvalidOptionError(flag, `no value, as --backend ${engine} does not support it`, value);
    flags[flag] = value;
  }
  for (const flag of needs) {
    if (flags[flag] === undefined)
      throw new InvalidOptionError(flag, `a value, as --backend ${engine} requires it`, undefined);
  }
  return { engine, flags };
}

/**
 * The backend of an engine.
 *
 * @param more values of `--engine-option`.
 * @throws InvalidOptionError for an unknown engine, an option that its backend does not accept or that a flag stands for, and an
 * environment variable that is not set.
 */
export async function openEngine(
  { engine, flags }: EngineChoice,
  more: Readonly<Record<string, JsonValue>> = {},
): Promise<TrainingBackend> {
  const { options, load } = ENGINES[checkChoice('backend', engine, Object.keys(ENGINES))]!;
  const make = (await load()) as (all: object) => TrainingBackend;
  const fromFlags = options(flags);
  for (const name of Object.keys(more)) {
    if (SECRET_OPTIONS.includes(name)) {
      throw new InvalidOptionError(ENGINE_OPTION, `no ${name}, as others can see a command line`, name, {
        hint: 'Name a variable that holds the key with --key-env.',
      });
    }
    if (fromFlags[name] !== undefined) {
      throw new InvalidOptionError(ENGINE_OPTION, `no ${name}, as a flag sets it`, name);
    }
  }
  return make({ ...fromFlags, ...more });
}

function namesIn(list: string | undefined): string[] | undefined {
  return list?.split(',').map((name) => name.trim());
}
