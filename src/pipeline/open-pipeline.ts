import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AloeConfig, CandidateConfig, ConfigModel, ConfigModels } from '../config/config.ts';
import { openEmbedder } from '../config/open-embedder.ts';
import { type OpenedModel, type OpenModelOptions, openModel } from '../config/open-model.ts';
import { InvalidOptionError } from '../errors.ts';
import type { ProgressEvent } from '../progress/progress.ts';
import { openRun } from '../runs/run.ts';
import type { WeightsEvent } from '../weights/weights-event.ts';
import { candidatesOf, isMade } from './candidates.ts';
import type { Pipeline, PipelinePart, PipelineRole } from './pipeline.ts';
import { pipelineFiles } from './pipeline-files.ts';

/** Options of {@link openPipeline}. */
export interface PipelineOptions {
  /** What to open. Models of other roles are not opened, and weights for them not downloaded. Default: everything. */
  readonly parts?: readonly PipelinePart[] | undefined;
  /** Where the embedded weights are. Default: the user cache. */
  readonly modelsDir?: string | undefined;
  /** Never download weights. Default false. */
  readonly offline?: boolean | undefined;
  /** Aborts the work. Its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Called with every event of the run, the conversations and the evaluations. */
  readonly onEvent?: ((event: ProgressEvent) => void) | undefined;
  /** Called while weights are downloaded. */
  readonly onWeights?: ((event: WeightsEvent) => void) | undefined;
}

const DEFAULT_RUN = 'runs/aloe';

const ALL_PARTS: readonly PipelinePart[] = [
  'personas',
  'embedder',
  'user',
  'inducer',
  'preferred',
  'rejected',
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
 * @throws InvalidOptionError for a model or a size that is wrong; MissingPackageError, MissingWeightsError for what is
 * missing; RunConflictError if another process works on the run, or a model may have new weights.
 */
export async function openPipeline(config: AloeConfig, options: PipelineOptions = {}): Promise<Pipeline> {
  const { parts = ALL_PARTS, signal, onEvent = () => {}, modelsDir, offline, onWeights } = options;
  const weights = { modelsDir, offline, signal, onEvent: onWeights };
  const models = new ModelShelf(config.models ?? {}, weights);
  try {
    for (const part of parts) {
      if (part === 'candidates') {
        for (const candidate of candidatesOf(config)) {
          if (!isMade(candidate)) await models.openCandidate(candidate);
        }
      } else if (part !== 'embedder') await models.openRole(part);
    }
    const embedder = parts.includes('embedder')
      ? await openEmbedder(config.models?.embedder, { ...weights, option: 'models.embedder' })
      : undefined;
    const dir = config.run ?? DEFAULT_RUN;
    const run = await openRun(dir, {
      seed: config.seed,
      concurrency: config.concurrency,
      maxRebought: config.maxRebought,
      retry: { retries: config.retries },
      budget: config.budget,
      prices: config.prices,
      sameModel: models.unchanged(),
      onEvent,
    });
    return {
      config,
      run,
      files: pipelineFiles(run.readOnly ? await mkdtemp(join(tmpdir(), 'aloe-')) : dir),
      signal,
      onEvent,
      models: models.all(),
      model: (role) => models.role(role),
      modelOf: ({ model }) => models.get(model ?? config.models?.default),
      embedder() {
        if (embedder === undefined) throw new InvalidOptionError('parts', '"embedder" among them', parts);
        return embedder;
      },
      async close() {
        await run.close();
        await models.dispose();
      },
    };
  } catch (error) {
    await models.dispose();
    throw error;
  }
}

/** Opens each model of a config once, however many roles it has. */
class ModelShelf {
  readonly #models: ConfigModels;
  readonly #options: OpenModelOptions;
  readonly #opened = new Map<string | ConfigModel, OpenedModel>();
  readonly #unchanged: string[] = [];

  constructor(models: ConfigModels, options: OpenModelOptions) {
    this.#models = models;
    this.#options = options;
  }

  async openRole(role: PipelineRole): Promise<void> {
    const own = this.#models[role];
    await this.#open(own ?? this.#models.default, own === undefined ? 'models.default' : `models.${role}`);
  }

  async openCandidate({ model }: CandidateConfig): Promise<void> {
    await this.#open(
      model ?? this.#models.default,
      model === undefined ? 'models.default' : 'evaluation.candidates',
    );
  }

  async #open(given: ConfigModel | undefined, option: string): Promise<void> {
    const key = keyOf(given);
    if (this.#opened.has(key)) return;
    const opened = await openModel(given, { ...this.#options, option });
    this.#opened.set(key, opened);
    if (typeof given === 'object' && 'sameModel' in given && given.sameModel)
      this.#unchanged.push(opened.model.id);
  }

  role(role: PipelineRole): OpenedModel {
    return this.get(this.#models[role] ?? this.#models.default);
  }

  get(given: ConfigModel | undefined): OpenedModel {
    const opened = this.#opened.get(keyOf(given));
    if (opened === undefined)
      throw new InvalidOptionError('parts', 'the role of every model that is used', given);
    return opened;
  }

  all(): readonly OpenedModel[] {
    return [...this.#opened.values()];
  }

  unchanged(): readonly string[] {
    return this.#unchanged;
  }

  async dispose(): Promise<void> {
    for (const { model } of this.#opened.values()) await model.dispose?.();
  }
}

/** A model object is itself; a reference is what it says. */
function keyOf(given: ConfigModel | undefined): string | ConfigModel {
  if (typeof given !== 'object') return given ?? '';
  return 'generate' in given ? given : JSON.stringify(given);
}
