import type { StringArgDef } from 'citty';
import { InvalidOptionError } from '../../errors.ts';
import { checkChoice } from '../../internal/options.ts';
import type { TrainingBackend } from '../../training/training-backend.ts';

type EngineFlag =
  | 'folder'
  | 'python'
  | 'partition'
  | 'account'
  | 'address'
  | 'storage'
  | 'base-url'
  | 'api-key-variable';

/** Which engine, as plain data: with it, another process makes the same backend. Keys come from the environment. */
export interface EngineChoice {
  readonly engine: string;
  readonly flags: Readonly<Partial<Record<EngineFlag, string>>>;
}

export const DEFAULT_FOLDER = 'runs/training';

export const engineArgs: Readonly<Record<'backend' | EngineFlag, StringArgDef>> = {
  backend: { type: 'string', description: 'Where it trains: local (default), slurm, ray or hosted.' },
  folder: { type: 'string', description: `Folder of the jobs (default: ${DEFAULT_FOLDER}).` },
  python: {
    type: 'string',
    description:
      'A Python with TRL (default: python3; on this machine the one that `aloe train setup` made).',
  },
  partition: { type: 'string', description: 'Partition of Slurm.' },
  account: { type: 'string', description: 'Account of Slurm.' },
  address: { type: 'string', description: "URL of Ray's dashboard." },
  storage: { type: 'string', description: 'Folder that the nodes of the Ray cluster share.' },
  'base-url': { type: 'string', description: 'Base URL of a hosted service, up to and with /v1.' },
  'api-key-variable': {
    type: 'string',
    description: 'Environment variable with the key for Ray or the service.',
  },
};

interface Engine {
  readonly takes: readonly EngineFlag[];
  readonly needs: readonly EngineFlag[];
  open(flags: EngineChoice['flags']): Promise<TrainingBackend>;
}

const ENGINES: Readonly<Record<string, Engine>> = {
  local: {
    takes: ['folder', 'python'],
    needs: [],
    async open(flags) {
      const { local } = await import('../../training/backends/local.ts');
      return local(flags);
    },
  },
  slurm: {
    takes: ['folder', 'python', 'partition', 'account'],
    needs: [],
    async open({ folder = DEFAULT_FOLDER, ...flags }) {
      const { slurm } = await import('../../training/backends/slurm.ts');
      return slurm({ folder, ...flags });
    },
  },
  ray: {
    takes: ['folder', 'python', 'address', 'storage', 'api-key-variable'],
    needs: ['address', 'storage'],
    async open({ python, address = '', storage = '', ...flags }) {
      const { ray } = await import('../../training/backends/ray.ts');
      return ray({ python, address, storage, apiKey: keyFrom(flags) });
    },
  },
  hosted: {
    takes: ['folder', 'base-url', 'api-key-variable'],
    needs: ['base-url'],
    async open({ 'base-url': baseUrl = '', ...flags }) {
      const { hosted } = await import('../../training/backends/hosted.ts');
      return hosted({ baseUrl, apiKey: keyFrom(flags) });
    },
  },
};

/** @throws InvalidOptionError for an engine that is none, a flag that it does not take, or one that it lacks. */
export function chooseEngine(args: Readonly<Partial<Record<'backend' | EngineFlag, string>>>): EngineChoice {
  const engine = checkChoice('backend', args.backend ?? 'local', Object.keys(ENGINES));
  const { takes, needs } = ENGINES[engine]!;
  const flags: Partial<Record<EngineFlag, string>> = {};
  for (const flag of Object.keys(engineArgs) as (keyof typeof engineArgs)[]) {
    const value = args[flag];
    if (flag === 'backend' || value === undefined) continue;
    if (!takes.includes(flag))
      throw new InvalidOptionError(flag, `nothing, as ${engine} does not take it`, value);
    flags[flag] = value;
  }
  for (const flag of needs) {
    if (flags[flag] === undefined)
      throw new InvalidOptionError(flag, `a value, as ${engine} needs it`, undefined);
  }
  return { engine, flags };
}

export function openEngine({ engine, flags }: EngineChoice): Promise<TrainingBackend> {
  return ENGINES[checkChoice('backend', engine, Object.keys(ENGINES))]!.open(flags);
}

/** The variable is named and not its value, which would be in the list of processes and in the submission's file. */
function keyFrom({ 'api-key-variable': variable }: EngineChoice['flags']): string | undefined {
  if (variable === undefined) return undefined;
  const key = process.env[variable];
  if (!key) throw new InvalidOptionError('api-key-variable', 'a variable that is set', variable);
  return key;
}
