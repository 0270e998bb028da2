import type { StringArgDef } from 'citty';
import { readKey } from '../../config/read-key.ts';
import { InvalidOptionError } from '../../errors.ts';
import { checkChoice } from '../../internal/options.ts';
import type { TrainingBackend } from '../../training/training-backend.ts';

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

interface Engine {
  readonly takes: readonly EngineFlag[];
  readonly needs: readonly EngineFlag[];
  open(flags: EngineChoice['flags']): Promise<TrainingBackend>;
}

const ENGINES: Readonly<Record<string, Engine>> = {
  local: {
    takes: ['dir', 'python', 'pass-env'],
    needs: [],
    async open({ 'pass-env': names, ...flags }) {
      const { local } = await import('../../training/backends/local.ts');
      return local({ ...flags, passEnv: namesIn(names) });
    },
  },
  slurm: {
    takes: ['dir', 'python', 'pass-env', 'partition', 'account'],
    needs: [],
    async open({ dir = DEFAULT_DIR, 'pass-env': names, ...flags }) {
      const { slurm } = await import('../../training/backends/slurm.ts');
      return slurm({ dir, ...flags, passEnv: namesIn(names) });
    },
  },
  ray: {
    takes: ['dir', 'python', 'address', 'shared-dir', 'key-env'],
    needs: ['address', 'shared-dir'],
    async open({ python, address = '', 'shared-dir': dir = '', ...flags }) {
      const { ray } = await import('../../training/backends/ray.ts');
      return ray({ python, address, dir, apiKey: readKey('key-env', flags['key-env']) });
    },
  },
  hosted: {
    takes: ['dir', 'base-url', 'key-env'],
    needs: ['base-url'],
    async open({ 'base-url': baseUrl = '', ...flags }) {
      const { hosted } = await import('../../training/backends/hosted.ts');
      return hosted({ baseUrl, apiKey: readKey('key-env', flags['key-env']) });
    },
  },
  'hugging-face-jobs': {
    takes: ['dir', 'repo', 'flavor', 'key-env'],
    needs: ['repo', 'flavor', 'key-env'],
    async open({ repo = '', flavor = '', ...flags }) {
      const { huggingFaceJobs } = await import('../../training/backends/hugging-face-jobs.ts');
      return huggingFaceJobs({ repo, flavor, token: readKey('key-env', flags['key-env']) });
    },
  },
  together: {
    takes: ['dir', 'key-env'],
    needs: ['key-env'],
    async open(flags) {
      const { together } = await import('../../training/backends/together.ts');
      return together({ apiKey: readKey('key-env', flags['key-env']) });
    },
  },
};

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

/** The backend of an engine. @throws InvalidOptionError for an unknown engine, or an environment variable that is not set. */
export function openEngine({ engine, flags }: EngineChoice): Promise<TrainingBackend> {
  return ENGINES[checkChoice('backend', engine, Object.keys(ENGINES))]!.open(flags);
}

function namesIn(list: string | undefined): string[] | undefined {
  return list?.split(',').map((name) => name.trim());
}
