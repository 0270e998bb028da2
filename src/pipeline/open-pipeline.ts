import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AloeConfig, ConfigModel } from '../config/config.ts';
import { openEmbedder } from '../config/open-embedder.ts';
import { type OpenedModel, openModel } from '../config/open-model.ts';
import { checkMadeConfig } from '../config/read-config.ts';
import { InvalidOptionError } from '../errors.ts';
import { noOpposite } from '../evaluation/personal/draw-other.ts';
import { checkKnownOptions, flag } from '../internal/option-checks.ts';
import { checkChoice } from '../internal/options.ts';
import { growScalars } from '../personas/grow-options.ts';
import { pairingScalars } from '../personas/persona-pool.ts';
import type { ProgressEvent } from '../progress/progress.ts';
import { isPostgresUrl } from '../runs/postgres-url.ts';
import { memoryRun, openRun } from '../runs/run.ts';
import type { WeightsEvent } from '../weights/weights-event.ts';
import { DEFAULT_RUN } from './default-run.ts';
import { filesDir } from './files-dir.ts';
import type { Pipeline, PipelineModelRole, PipelinePart } from './pipeline.ts';
import { pipelineFiles } from './pipeline-files.ts';
import { recipeOf } from './recipe.ts';
import { modelKey, modelsOfRole, usedModels } from './used-models.ts';

/** Options of {@link openPipeline}. */
export interface PipelineOptions {
  /** What to open. Models of other roles are not opened, and weights for them not downloaded. Default: everything. */
  readonly parts?: readonly PipelinePart[] | undefined;
  /** Roles whose served models still have the same weights, beside those that the config says so of. Default: none. */
  readonly sameModel?: readonly PipelineModelRole[] | undefined;
  /** Whether to keep the config in a run in a database, for `aloe work`. Default true. */
  readonly keepsRecipe?: boolean | undefined;
  /** Where the embedded weights are. Default: the user cache. */
  readonly modelsDir?: string | undefined;
  /** Never download weights. Default false. */
  readonly offline?: boolean | undefined;
  /**
   * Only look at the run: it is not created, not locked and not written to. Models cannot be called then, except in the
   * memory of a run that does not exist yet. Default false.
   */
  readonly readOnly?: boolean | undefined;
  /** Aborts the work. Its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Called with every event of the run, the conversations and the evaluations. */
  readonly onEvent?: ((event: ProgressEvent) => void) | undefined;
  /** Called while weights are downloaded. */
  readonly onWeights?: ((event: WeightsEvent) => void) | undefined;
}

/** Everything that a whole pipeline needs. */
export const ALL_PARTS: readonly PipelinePart[] = [
  'personas',
  'embedder',
  'user',
  'inducer',
  'preferred',
  'rejected',
  'pairJudge',
  'judge',
  'candidates',
];

/**
 * Opens the models and the run that a config describes. Close it when the work is done.
 *
 * @example
 * ```ts
 * const pipeline = await openPipeline(await readConfig('aloe.config.yaml'));
 * try {
 *   const pool = await growPersonas(pipeline);
 *   console.log(pool.size);
 * } finally {
 *   await pipeline.close();
 * }
 * ```
 *
 * @throws InvalidOptionError for an option of the config that is unknown or wrong; MissingPackageError, MissingWeightsError for what is
 * missing; RunConflictError if another process works on the run, or a model may have new weights.
 */
export async function openPipeline(config: AloeConfig, options: PipelineOptions = {}): Promise<Pipeline> {
  checkKnownOptions<PipelineOptions>('openPipeline()', options, {
    parts: true,
    sameModel: true,
    keepsRecipe: true,
    modelsDir: true,
    offline: true,
    readOnly: true,
    signal: true,
    onEvent: true,
    onWeights: true,
  });
  checkMadeConfig(config);
  const {
    parts = ALL_PARTS,
    sameModel = [],
    signal,
    onEvent = () => {},
    keepsRecipe = true,
    modelsDir,
    offline,
    onWeights,
  } = options;
  for (const part of parts) checkChoice('parts', part, ALL_PARTS);
  checkPairing(config, parts);
  checkOtherPersona(config, parts);
  signal?.throwIfAborted();
  const weights = { modelsDir, offline, signal, onEvent: onWeights };
  const opened = new Map<unknown, OpenedModel>();
  const unchanged: string[] = [];
  const dispose = async () => {
    for (const { model } of opened.values()) await model.dispose?.();
  };
  const modelOf = (given: ConfigModel | undefined): OpenedModel => {
    const found = opened.get(modelKey(given ?? config.models?.default));
    if (found !== undefined) return found;
    throw new InvalidOptionError('parts', 'the part of each model that is used', parts);
  };
  try {
    for (const { given, option, roles } of usedModels(config, parts)) {
      const model = await openModel(given, { ...weights, option });
      opened.set(modelKey(given), model);
      const isSaid = typeof given === 'object' && 'sameModel' in given && given.sameModel === true;
      if (isSaid || roles.some((role) => sameModel.includes(role))) unchanged.push(model.model.id);
    }
    const embedder = parts.includes('embedder')
      ? await openEmbedder(config.models?.embedder, { ...weights, option: 'models.embedder' })
      : undefined;
    const where = config.run ?? DEFAULT_RUN;
    const runOptions = {
      seed: config.seed,
      concurrency: config.concurrency,
      retry: {
        retries: config.retries,
        deadlineMs: config.deadlineMinutes === undefined ? undefined : config.deadlineMinutes * 60_000,
      },
      budget: config.budget,
      prices: config.prices,
      sameModel: config.sameModel || unchanged,
      onEvent,
    };
    const { maxRebought } = config;
    const isOnlyRead = flag(false)(options.readOnly, 'readOnly');
    const run =
      isOnlyRead && !isPostgresUrl(where) && !existsSync(join(where, 'run.json'))
        ? memoryRun(runOptions)
        : await openRun(where, { ...runOptions, maxRebought, readOnly: isOnlyRead || undefined });
    if (keepsRecipe) await run.shared?.keepRecipe(recipeOf(config, parts));
    const writes = run.readOnly && !isOnlyRead ? await mkdtemp(join(tmpdir(), 'aloe-')) : filesDir(config);
    return {
      config,
      run,
      files: pipelineFiles(writes),
      signal,
      onEvent,
      models: [...opened.values()],
      model: (role) => modelOf(modelsOfRole(config, role)[0]),
      teachers: (side) => modelsOfRole(config, side).map(modelOf),
      modelOf: ({ model }) => modelOf(model),
      embedder() {
        if (embedder === undefined) throw new InvalidOptionError('parts', '"embedder" among them', parts);
        return embedder;
      },
      async close() {
        await run.close();
        await dispose();
      },
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** A pool that is grown as planned, and then has too few personalities or personas, would have been paid for. */
function checkPairing(
  { personas = {}, conversations = {} }: AloeConfig,
  parts: readonly PipelinePart[],
): void {
  if (personas.pool !== undefined || !parts.includes('personas') || !parts.includes('preferred')) return;
  const max = growScalars.personalities(personas.personalities, 'personas.personalities');
  const option = 'personas.personalitiesPerProfile';
  const pairs = pairingScalars.personalitiesPerProfile(personas.personalitiesPerProfile, option);
  if (pairs > max) {
    throw new InvalidOptionError(option, `at most ${max}, which is personas.personalities`, pairs);
  }
  const profiles = growScalars.profiles(personas.profiles, 'personas.profiles');
  const { personas: count = 0 } = conversations;
  if (count <= profiles * pairs) return;
  const expected = `at most ${profiles * pairs} (personas.profiles ${profiles} x ${option} ${pairs})`;
  throw new InvalidOptionError('conversations.personas', expected, count);
}

/** The evaluation would say the same, after the conversations were paid for. */
function checkOtherPersona({ evaluation = {} }: AloeConfig, parts: readonly PipelinePart[]): void {
  const { otherPersona, judge } = evaluation;
  if (otherPersona !== 'opposite' || judge === 'rules' || !parts.includes('candidates')) return;
  throw noOpposite('evaluation.otherPersona', '"any" or false', 'evaluation.judge: rules gives cases some.');
}
