import { join } from 'node:path';
import PQueue from 'p-queue';
import type { Embedder } from '../embeddings/embedder.ts';
import { InvalidOptionError } from '../errors.ts';
import { checkPath } from '../internal/check-path.ts';
import { callback, checkKnownOptions, refuseUnknownOptions } from '../internal/option-checks.ts';
import { checkMethod, checkNumber } from '../internal/options.ts';
import { childSeed } from '../internal/random.ts';
import {
  addUsage,
  type CallOptions,
  type ChatModel,
  type ChatRequest,
  type ChatResponse,
  NO_USAGE,
  type Usage,
} from '../models/chat-model.ts';
import { paced } from '../models/pacing/paced.ts';
import { checkPacerOptions, createPacer, type Pacer, type PacerOptions } from '../models/pacing/pacer.ts';
import { type CallPlace, formatPlace } from '../models/place.ts';
import { plausibleUsage } from '../models/plausible-usage.ts';
import { checkRetryOptions, type RetryOptions, retry } from '../models/retry.ts';
import { budgeted } from './budgeted.ts';
import type { RunEvent, RunStats } from './events.ts';
import { finishing } from './finishing.ts';
import { Journal, runClosed } from './journal.ts';
import { type CallsInFlight, journaled } from './journaled.ts';
import { journaledEmbedder } from './journaled-embedder.ts';
import { type Budget, Ledger } from './ledger.ts';
import { once } from './once.ts';
import type { Prices } from './prices.ts';
import { type RunHeader, saveHeader, settleHeader } from './run-file.ts';
import { lockRun } from './run-lock.ts';
import { ServedModels } from './served-models.ts';

const DEFAULT_CONCURRENCY = 16;

/** Rate limits of a model. Tokens are input and output together. */
export type ModelLimits = Pick<PacerOptions, 'requestsPerMinute' | 'tokensPerMinute'>;

/** Options of {@link openRun} and {@link memoryRun}. */
export interface RunOptions {
  /** Random seed, a whole number from 0. Same seed, same choices. Default: that of the directory, or 0 if it is new. */
  readonly seed?: number | undefined;
  /** Maximum number of model calls in flight, over all models. Default 16. */
  readonly concurrency?: number | undefined;
  /** Rate limits by model id. Default: learned from each server's responses. */
  readonly limits?: Readonly<Record<string, ModelLimits>> | undefined;
  /** Hard limit over the whole life of the run. Default: no limit. */
  readonly budget?: Budget | undefined;
  /** Prices by model id, for a budget in dollars and for {@link Spending}. Default: no prices. */
  readonly prices?: Prices | undefined;
  /** How transient errors are retried. Default: 6 retries within half an hour. */
  readonly retry?: Omit<RetryOptions, 'onRetry'> | undefined;
  /**
   * Ids of served models that still have the same weights, or true for all. A served model without a revision is otherwise
   * refused if the run holds answers under its name and its server may have new weights. Default false.
   */
  readonly sameModel?: boolean | readonly string[] | undefined;
  /** Called with every event, for progress displays and logs. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/**
 * A journal of every finished model call, and the seed of all random choices. If you run the same program on the same
 * directory again, finished calls are replayed and only missing ones are paid for.
 */
export interface Run {
  /** The run's directory, or null for a run that lives in memory only. */
  readonly dir: string | null;
  /** The number from which all random choices follow. */
  readonly seed: number;
  /** Maximum number of model calls in flight. */
  readonly concurrency: number;
  /**
   * Wraps a model with journal, concurrency limit, pacing, retries, budget and events. The same model gives the same
   * wrapper, and a wrapper is returned unchanged. If a model calls other models, those are wrapped instead.
   *
   * @throws InvalidOptionError before any call, if the budget is in dollars and the model has no price.
   * @throws RunConflictError before any call, if stored answers under the model's name may be those of other weights. A call
   * throws it if the server says by now that it is another model; the answer is then not stored.
   */
  model(model: ChatModel): ChatModel;
  /**
   * Wraps an embedder with the journal. The same embedder gives the same wrapper.
   *
   * @throws RunConflictError if stored vectors under the embedder's name may be those of other weights.
   */
  embedder(embedder: Embedder): Embedder;
  /** Sampling seed of a call. It depends only on the run's seed and the place. */
  seedFor(place: CallPlace): number;
  /** What was sent, replayed and spent so far. */
  stats(): RunStats;
  /**
   * Waits for calls in flight, records their answers and unlocks the directory. Later calls throw RunStorageError.
   * Aborted calls that still wait for a slot are not sent.
   */
  close(): Promise<void>;
}

/**
 * Opens a run directory, or creates it. Only one process can have it open at a time. A damaged journal is recovered.
 *
 * @example
 * ```ts
 * import { openRun } from 'aloe-align';
 * import { openai } from 'aloe-align/models/openai';
 *
 * const run = await openRun('runs/first', { seed: 7 });
 * const model = run.model(openai('gpt-4o'));
 * const messages = [{ role: 'user', content: 'Suggest a title.' }] as const;
 * const { text } = await model.generate({ messages }, { place: { task: 'titles', subject: 'first', role: 'editor' } });
 * await run.close();
 * ```
 *
 * @throws InvalidOptionError naming an option that is unknown or wrong.
 * @throws RunConflictError if the run is open elsewhere (naming the process), has another seed, or was written by a
 * newer version.
 * @throws InvalidFileError if `run.json` is damaged or `journal.sqlite` is not a journal.
 * @throws RunStorageError if the directory cannot be created, locked, read or written, or one of the run's files in it is
 * a symbolic link.
 */
export async function openRun(dir: string, options: RunOptions = {}): Promise<Run> {
  checkPath('dir', dir);
  checkRunOptions('openRun()', options);
  const unlock = lockRun(dir);
  try {
    const header = await settleHeader(dir, options.seed);
    const journal = new Journal(join(dir, 'journal.sqlite'), {
      onRecovered: (recovery) => options.onEvent?.({ type: 'journal-recovered', ...recovery }),
    });
    return createRun({ dir, header, journal, unlock }, options);
  } catch (error) {
    unlock();
    throw error;
  }
}

/**
 * Creates a run in memory, which resumes nothing and writes nothing. Builder, evaluator and pool use one if you pass no
 * `run`.
 *
 * @example
 * ```ts
 * const run = memoryRun({ seed: 7, budget: { tokens: 100_000 } });
 * ```
 *
 * @throws InvalidOptionError naming an option that is unknown or wrong.
 */
export function memoryRun(options: RunOptions = {}): Run {
  checkRunOptions('memoryRun()', options);
  const journal = new Journal(':memory:');
  return createRun(
    { dir: null, header: { seed: options.seed ?? 0, servers: {}, reported: {} }, journal, unlock: () => {} },
    options,
  );
}

/**
 * The given run, or a new one in memory.
 *
 * @throws InvalidOptionError if it is not a run.
 */
export function checkRun(run: Run | undefined): Run {
  if (run !== undefined) checkMethod('run', run, 'seedFor', 'a run from openRun() or memoryRun()');
  return run ?? memoryRun();
}

const OPTION_NAMES = {
  seed: true,
  concurrency: true,
  limits: true,
  budget: true,
  prices: true,
  retry: true,
  sameModel: true,
  onEvent: true,
} as const;

function checkRunOptions(owner: string, options: RunOptions): void {
  checkKnownOptions(owner, options, OPTION_NAMES);
  if (options.seed !== undefined) checkNumber('seed', options.seed, { min: 0, integer: true });
  checkNumber('concurrency', options.concurrency ?? DEFAULT_CONCURRENCY, { min: 1, integer: true });
  refuseUnknownOptions('retry', options.retry ?? {}, ['retries', 'baseDelayMs', 'deadlineMs']);
  checkRetryOptions(options.retry ?? {});
  checkSameModel(options.sameModel ?? false);
  for (const [modelId, limits] of Object.entries(options.limits ?? {})) {
    refuseUnknownOptions(`limits["${modelId}"]`, limits, ['requestsPerMinute', 'tokensPerMinute']);
    checkPacerOptions(limits);
  }
  callback(() => {})(options.onEvent, 'onEvent');
}

function checkSameModel(sameModel: unknown): void {
  const isIds = Array.isArray(sameModel) && sameModel.every((id) => typeof id === 'string');
  if (typeof sameModel === 'boolean' || isIds) return;
  throw new InvalidOptionError('sameModel', 'true, false or a list of model ids', sameModel);
}

interface RunParts {
  readonly dir: string | null;
  readonly header: RunHeader;
  readonly journal: Journal;
  readonly unlock: () => void;
}

function createRun({ dir, header, journal, unlock }: RunParts, options: RunOptions): Run {
  const { seed } = header;
  const before = journal.spending();
  const concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
  const queue = new PQueue({ concurrency });
  const ledger = new Ledger({ budget: options.budget, prices: options.prices, before });
  const served = new ServedModels({
    run: dir ?? 'The run',
    before: header,
    stored: (modelId) => before.get(modelId)?.calls ?? 0,
    sameModel: options.sameModel ?? false,
    save: async (records) => {
      if (dir !== null) await saveHeader(dir, { seed, ...records });
    },
  });
  const emit = options.onEvent ?? (() => {});
  // By model id, since several objects may be the same model and share its server's limits.
  const pacers = new Map<string, Pacer>();
  const inFlight: CallsInFlight = new Map();
  let closing: Promise<void> | undefined;
  let calls = 0;
  let replayed = 0;
  let embedded = 0;
  let usage: Usage = NO_USAGE;

  function limitsOf(modelId: string): ModelLimits | undefined {
    const { limits = {} } = options;
    return Object.hasOwn(limits, modelId) ? limits[modelId] : undefined;
  }

  /** Wraps a model, from the inside: finish after an abort, budget, pacing, retries, events. */
  function sent(model: ChatModel): ChatModel {
    // Checked now, because by the first call another model of the run may already have cost something.
    ledger.checkPriced(model.id);
    served.check(model);
    const booked = budgeted(plausibleUsage(finishing(model)), ledger);
    const pacer =
      pacers.get(model.id) ??
      createPacer({
        ...limitsOf(model.id),
        concurrency,
        onPause: (pause) => emit({ type: 'calls-paused', model: model.id, ...pause }),
      });
    pacers.set(model.id, pacer);
    const retrying = retry(model.free ? booked : paced(booked, pacer), {
      ...options.retry,
      onRetry: (error, waitMs, { place }) =>
        emit({ type: 'call-retry', model: model.id, place, error, waitMs }),
    });

    async function generate(request: ChatRequest, callOptions: CallOptions = {}): Promise<ChatResponse> {
      const { place, signal } = callOptions;
      signal?.throwIfAborted();
      emit({ type: 'call-start', model: model.id, place });
      const start = performance.now();
      try {
        const response = await served.call(model, async () => {
          const answer = await retrying.generate(request, callOptions);
          calls += 1;
          usage = addUsage(usage, answer.usage);
          return answer;
        });
        const durationMs = performance.now() - start;
        emit({
          type: 'call-end',
          model: model.id,
          place,
          replayed: false,
          usage: response.usage,
          durationMs,
        });
        return response;
      } catch (error) {
        if (signal?.aborted) emit({ type: 'call-abort', model: model.id, place });
        else emit({ type: 'call-error', model: model.id, place, error });
        throw error;
      }
    }

    return { id: model.id, generate };
  }

  // If a model calls others, those are wrapped and not the whole. Otherwise each call would be booked twice, and the
  // outer call could hold the last slot, for which the inner ones wait.
  const model: Run['model'] = once(
    (bare) =>
      bare.mapModels?.(model) ??
      journaled(sent(bare), {
        journal,
        inFlight,
        slot: (call) => (closing === undefined ? queue.add(call) : Promise.reject(runClosed())),
        onReplay: ({ usage }, place) => {
          replayed += 1;
          emit({ type: 'call-end', model: bare.id, place, replayed: true, usage, durationMs: 0 });
        },
      }),
  );

  return {
    dir,
    seed,
    concurrency,
    model,
    embedder: once((embedder) => {
      served.checkEmbedder(embedder);
      return journaledEmbedder(embedder, {
        journal,
        beforeEmbed: () => served.keepAddress(embedder),
        onEmbed: (texts) => (embedded += texts),
      });
    }),
    seedFor: (place) => childSeed(seed, formatPlace(place)),
    stats: () => ({
      calls,
      replayed,
      embedded,
      usage,
      inFlight: queue.pending,
      spending: ledger.spending(),
    }),
    close() {
      // A call holds its slot until its answer is on disk, so an idle queue has nothing left to record.
      closing ??= queue.onIdle().then(() => {
        journal.close();
        unlock();
      });
      return closing;
    },
  };
}
