import { InvalidOptionError } from '../errors.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkMethod, checkNumber } from '../internal/options.ts';
import { promptName } from '../models/prompt.ts';
import { checkRun, type Run } from '../runs/run.ts';
import { type GrowEntriesOptions, growEntries, type PoolEntry } from './grow-entries.ts';
import { growScalars, type PersonaPoolGrowOptions } from './grow-options.ts';
import { nearDuplicateFilter, thresholdOf } from './near-duplicate-filter.ts';
import { personalityGenerationPrompt, profileGenerationPrompt } from './persona-generation.ts';
import { type EntryOrigin, type PersonaPoolData, type PoolKind, personaPoolSchema } from './pool-data.ts';
import { seedPersonalities } from './seed-personalities.ts';
import { seedProfiles } from './seed-profiles.ts';

type Settings = Omit<
  GrowEntriesOptions,
  'kind' | 'idPrefix' | 'filter' | 'prompt' | 'seeds' | 'target' | 'maxCalls' | 'signal'
>;

const OPTION_NAMES = {
  run: true,
  model: true,
  embedder: true,
  profiles: true,
  personalities: true,
  seeds: true,
  examplesPerCall: true,
  entriesPerCall: true,
  callsPerWave: true,
  temperature: true,
  maxOutputTokens: true,
  similarityThreshold: true,
  bottleneck: true,
  maxCalls: true,
  prompts: true,
  signal: true,
  onEvent: true,
} as const;

/** Grows both pools concurrently and returns them as data. */
export async function growPool(options: PersonaPoolGrowOptions): Promise<PersonaPoolData> {
  checkKnownOptions('PersonaPool.grow()', options, OPTION_NAMES);
  const run = checkRun(options.run);
  checkMethod('model', options.model, 'generate', 'a ChatModel');
  checkMethod('embedder', options.embedder, 'embed', 'an Embedder');
  const settings = readSettings(options, run);
  const similarityThreshold =
    growScalars.similarityThreshold(options.similarityThreshold, 'similarityThreshold') ??
    thresholdOf(options.embedder);
  const targets = {
    profiles: growScalars.profiles(options.profiles, 'profiles'),
    personalities: growScalars.personalities(options.personalities, 'personalities'),
  };
  const prompts = {
    profiles: options.prompts?.profiles ?? profileGenerationPrompt,
    personalities: options.prompts?.personalities ?? personalityGenerationPrompt,
  };
  const seeds = readSeeds(options);
  const embedder = run.embedder(options.embedder);
  for (const kind of ['profiles', 'personalities'] as const) {
    checkMethod(`prompts.${kind}`, prompts[kind], 'messages', 'a prompt: { id, version, messages() }');
  }
  const maxCalls = growScalars.maxCalls(options.maxCalls, 'maxCalls');

  const grow = (kind: PoolKind, idPrefix: string) => (signal: AbortSignal) => {
    const needed = Math.ceil(Math.max(0, targets[kind] - seeds[kind].length) / settings.entriesPerCall);
    return growEntries({
      ...settings,
      kind,
      idPrefix,
      filter: nearDuplicateFilter({ embedder, threshold: similarityThreshold }),
      prompt: prompts[kind],
      seeds: seeds[kind],
      target: targets[kind],
      maxCalls: maxCalls ?? Math.max(settings.callsPerWave, 10 * needed),
      signal,
    });
  };
  const [profiles, personalities] = await bothOrNeither(
    grow('profiles', 'profile'),
    grow('personalities', 'personality'),
    options.signal,
  );
  return {
    schema: 'aloe-persona-pool/2',
    profiles: profiles.entries.map(({ id, statements }) => ({ id, facts: statements })),
    personalities: personalities.entries.map(({ id, statements }) => ({ id, traits: statements })),
    origins: {
      profiles: originsOf(profiles.entries, seeds.profiles),
      personalities: originsOf(personalities.entries, seeds.personalities),
    },
    growth: {
      model: options.model.id,
      embedder: options.embedder.id,
      seed: run.seed,
      temperature: settings.temperature,
      similarityThreshold,
      prompts: { profiles: promptName(prompts.profiles), personalities: promptName(prompts.personalities) },
      outcomes: { profiles: profiles.outcome, personalities: personalities.outcome },
    },
    warnings: [],
  };
}

function readSettings(options: PersonaPoolGrowOptions, run: Run): Settings {
  const whole = { min: 1, integer: true };
  const read = <Name extends 'entriesPerCall' | 'examplesPerCall' | 'callsPerWave' | 'temperature'>(
    name: Name,
  ) => growScalars[name](options[name], name);
  const entriesPerCall = read('entriesPerCall');
  return {
    run,
    model: run.model(options.model),
    entriesPerCall,
    examplesPerCall: read('examplesPerCall'),
    callsPerWave: read('callsPerWave'),
    temperature: read('temperature'),
    maxOutputTokens:
      growScalars.maxOutputTokens(options.maxOutputTokens, 'maxOutputTokens') ?? 400 * entriesPerCall,
    bottleneck: {
      acceptance: checkNumber('bottleneck.acceptance', options.bottleneck?.acceptance ?? 0.1, {
        min: 0,
        max: 1,
      }),
      window: checkNumber('bottleneck.window', options.bottleneck?.window ?? 100, whole),
    },
    onEvent: options.onEvent ?? (() => {}),
  };
}

function readSeeds({ seeds = {} }: PersonaPoolGrowOptions): Record<PoolKind, PoolEntry[]> {
  const profiles = seeds.profiles ?? seedProfiles;
  const personalities = seeds.personalities ?? seedPersonalities;
  const checked = personaPoolSchema.safeParse({
    schema: 'aloe-persona-pool/2',
    profiles,
    personalities,
    origins: { profiles: {}, personalities: {} },
    growth: null,
    warnings: [],
  });
  if (!checked.success) {
    const { path, message } = checked.error.issues[0]!;
    throw new InvalidOptionError(
      ['seeds', ...path].join('.'),
      'non-empty lists of profiles and personalities with unique ids',
      seeds,
      { hint: `${message}.` },
    );
  }
  return {
    profiles: profiles.map(({ id, facts }) => ({ id, statements: facts })),
    personalities: personalities.map(({ id, traits }) => ({ id, statements: traits })),
  };
}

function originsOf(entries: readonly PoolEntry[], seeds: readonly PoolEntry[]): Record<string, EntryOrigin> {
  const seedIds = new Set(seeds.map(({ id }) => id));
  return Object.fromEntries(entries.map(({ id }) => [id, seedIds.has(id) ? 'seed' : 'generated']));
}

/** Runs both concurrently. If one fails, the other is aborted first, so that no work outlives the error. */
async function bothOrNeither<First, Second>(
  first: (signal: AbortSignal) => Promise<First>,
  second: (signal: AbortSignal) => Promise<Second>,
  signal: AbortSignal | undefined,
): Promise<[First, Second]> {
  const other = new AbortController();
  const either = signal === undefined ? other.signal : AbortSignal.any([signal, other.signal]);
  const both = [first(either), second(either)] as const;
  try {
    return await Promise.all(both);
  } catch (error) {
    other.abort(error);
    await Promise.allSettled(both);
    throw error;
  }
}
