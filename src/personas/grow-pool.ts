import { checkKnownOptions, refuseUnknownOptions } from '../internal/option-checks.ts';
import { checkMethod, checkNumber } from '../internal/options.ts';
import { type Prompt, promptName } from '../models/prompt.ts';
import { checkRun, type Run } from '../runs/run.ts';
import { quotasOfBoth } from './attributes.ts';
import { isFormerGrowth } from './former-growth.ts';
import { type GrowEntriesOptions, growEntries } from './grow-entries.ts';
import { growScalars, type PersonaPoolGrowOptions } from './grow-options.ts';
import { isEnglish, languageOf } from './languages.ts';
import { nearDuplicateFilter } from './near-duplicate-filter.ts';
import {
  type PersonaGenerationVariables,
  personalityGenerationPrompt,
  profileGenerationPrompt,
  steeredPersonalityPrompt,
  steeredProfilePrompt,
} from './persona-generation.ts';
import { type EntryOrigin, type PersonaPoolData, POOL_KINDS, type PoolKind } from './pool-data.ts';
import type { PoolEntry } from './pool-entry.ts';
import { qualityGate } from './quality/quality-gate.ts';
import { type Entries, readApartFrom, readSeeds } from './read-entries.ts';
import { checkThresholds, formerThresholds } from './similarity-threshold.ts';
import type { TextRule } from './statements.ts';

type Settings = Pick<
  GrowEntriesOptions,
  | 'run'
  | 'model'
  | 'entriesPerCall'
  | 'examplesPerCall'
  | 'callsPerWave'
  | 'temperature'
  | 'maxOutputTokens'
  | 'bottleneck'
  | 'onEvent'
>;

/** The rules by which entries are kept. A run that is resumed keeps the rules it began with. */
interface FilterRules {
  readonly textRule: TextRule;
  readonly similarityThreshold: Readonly<Record<PoolKind, number>>;
  readonly apartFrom: Entries;
  readonly gated: boolean;
}

const NOTHING: Entries = { profiles: [], personalities: [] };

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
  apartFrom: true,
  qualityGate: true,
  attributes: true,
  language: true,
  bottleneck: true,
  maxCalls: true,
  prompts: true,
  signal: true,
  onEvent: true,
} as const;

/** Grows both pools concurrently and returns them as data. */
export async function growPool(options: PersonaPoolGrowOptions): Promise<PersonaPoolData> {
  checkKnownOptions('PersonaPool.grow()', options, OPTION_NAMES);
  for (const name of ['attributes', 'prompts'] as const) {
    refuseUnknownOptions(name, options[name] ?? {}, POOL_KINDS);
  }
  refuseUnknownOptions('bottleneck', options.bottleneck ?? {}, ['acceptance', 'window']);
  const run = checkRun(options.run);
  checkMethod('model', options.model, 'generate', 'a ChatModel');
  checkMethod('embedder', options.embedder, 'embed', 'an Embedder');
  const settings = readSettings(options, run);
  const targets = {
    profiles: growScalars.profiles(options.profiles, 'profiles'),
    personalities: growScalars.personalities(options.personalities, 'personalities'),
  };
  const language = languageOf(options.language ?? 'en');
  const inEnglish = isEnglish(language.tag);
  const shipped = readSeeds(options);
  // English seeds show a pool in another language what entries look like, and are none of it.
  const isModel = (kind: PoolKind) => !inEnglish && options.seeds?.[kind] === undefined;
  const seeds: Entries = {
    profiles: isModel('profiles') ? [] : shipped.profiles,
    personalities: isModel('personalities') ? [] : shipped.personalities,
  };
  const quotas = quotasOfBoth(options.attributes, targets, seeds);
  const isPlain = (kind: PoolKind) => inEnglish && Object.keys(quotas?.[kind] ?? {}).length === 0;
  const prompts = {
    profiles:
      options.prompts?.profiles ?? (isPlain('profiles') ? profileGenerationPrompt : steeredProfilePrompt),
    personalities:
      options.prompts?.personalities ??
      (isPlain('personalities') ? personalityGenerationPrompt : steeredPersonalityPrompt),
  };
  const apartFrom = readApartFrom(options);
  const gated = growScalars.qualityGate(options.qualityGate, 'qualityGate');
  const thresholds = checkThresholds(options.similarityThreshold, options.embedder);
  const embedder = run.embedder(options.embedder);
  for (const kind of ['profiles', 'personalities'] as const) {
    checkMethod(`prompts.${kind}`, prompts[kind], 'messages', 'a prompt: { id, version, messages() }');
  }
  const maxCalls = growScalars.maxCalls(options.maxCalls, 'maxCalls');
  const asksForNew = ['apartFrom', 'qualityGate', 'attributes', 'language'].some(
    (name) => options[name as keyof PersonaPoolGrowOptions] !== undefined,
  );
  const isFormer = !asksForNew && (await isFormerGrowth(run, options.embedder, seeds, apartFrom));
  const rules: FilterRules = isFormer
    ? {
        textRule: 1,
        similarityThreshold:
          options.similarityThreshold === undefined ? formerThresholds(options.embedder) : thresholds,
        apartFrom: NOTHING,
        gated: false,
      }
    : { textRule: 2, similarityThreshold: thresholds, apartFrom, gated };

  const grow = (kind: PoolKind, idPrefix: string) => (signal: AbortSignal) => {
    const needed = Math.ceil(Math.max(0, targets[kind] - seeds[kind].length) / settings.entriesPerCall);
    const similarityThreshold = rules.similarityThreshold[kind];
    const prompt = prompts[kind];
    const english = inEnglish ? undefined : language.name;
    const told = wordsOf(prompt, {
      examples: shipped[kind].slice(0, settings.examplesPerCall).map(({ statements }) => statements),
      count: settings.entriesPerCall,
      ...(english && { language: english }),
      ...(quotas && { wanted: quotas[kind] }),
    });
    return growEntries({
      ...settings,
      kind,
      idPrefix,
      filter: nearDuplicateFilter({ embedder, threshold: similarityThreshold }),
      similarityThreshold,
      textRule: rules.textRule,
      apartFrom: rules.apartFrom[kind],
      gate: rules.gated ? qualityGate({ prompt: told, language: language.tag }) : null,
      prompt,
      seeds: seeds[kind],
      models: isModel(kind) ? shipped[kind] : [],
      language: english,
      quotas: quotas?.[kind],
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
    profiles: profiles.entries.map(({ id, statements, attributes }) => ({
      id,
      facts: statements,
      ...(attributes && { attributes }),
    })),
    personalities: personalities.entries.map(({ id, statements, attributes }) => ({
      id,
      traits: statements,
      ...(attributes && { attributes }),
    })),
    origins: {
      profiles: originsOf(profiles.entries, seeds.profiles),
      personalities: originsOf(personalities.entries, seeds.personalities),
    },
    ...(!inEnglish && { language: language.tag }),
    growth: {
      model: options.model.id,
      embedder: options.embedder.id,
      seed: run.seed,
      temperature: settings.temperature,
      similarityThreshold: rules.similarityThreshold,
      textRule: rules.textRule,
      apartFrom: {
        profiles: rules.apartFrom.profiles.length,
        personalities: rules.apartFrom.personalities.length,
      },
      ...(quotas && { quotas }),
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

/** What a prompt says beside its examples. */
function wordsOf(
  prompt: Prompt<PersonaGenerationVariables>,
  variables: PersonaGenerationVariables,
): readonly string[] {
  const examples = variables.examples.flat();
  return prompt
    .messages(variables)
    .map(({ content }) =>
      examples.reduce(
        (text, example) =>
          text.replaceAll(JSON.stringify(example).slice(1, -1), '\n').replaceAll(example, '\n'),
        content,
      ),
    );
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
