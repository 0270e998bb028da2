import { join } from 'node:path';
import PQueue from 'p-queue';
import type { Embedder } from '../embeddings/embedder.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
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
import { checkRetryOptions, type RetryOptions, retry } from '../models/retry.ts';
import { budgeted } from './budgeted.ts';
import type { RunEvent, RunStats } from './events.ts';
import { finishing } from './finishing.ts';
import { Journal, runClosed } from './journal.ts';
import { type CallsInFlight, journaled } from './journaled.ts';
import { journaledEmbedder } from './journaled-embedder.ts';
import { type Budget, Ledger } from './ledger.ts';
import type { Prices } from './prices.ts';
import { settleSeed } from './run-file.ts';
import { lockRun } from './run-lock.ts';

const DEFAULT_CONCURRENCY = 16;

/** Requests and tokens of input and output that a model may be asked in any minute, at most. */
export type ModelLimits = Pick<PacerOptions, 'requestsPerMinute' | 'tokensPerMinute'>;

export interface RunOptions {
  /** All random choices and sampling seeds of the run derive from it. Default: the run's own, or 0 for a new run. */
  readonly seed?: number | undefined;
  /** Upper bound of model calls in flight. Default 16. */
  readonly concurrency?: number | undefined;
  /** What a model may be asked in a minute, by model id. Default: what its server is found to take. */
  readonly limits?: Readonly<Record<string, ModelLimits>> | undefined;
  /** A hard stop, counted over the whole life of the run. Default: none. */
  readonly budget?: Budget | undefined;
  /** Prices by model id, for a budget in dollars and for {@link RunStats}. Default: none is known. */
  readonly prices?: Prices | undefined;
  /** How failed calls are sent again. */
  readonly retry?: Omit<RetryOptions, 'onRetry'> | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/**
 * A run directory: the journal of every finished model call, and the seed all choices derive from. Running the
 * same program on the same directory again replays what is there and pays only for what is missing.
 */
export interface Run {
  /** The run's directory, or null for a run that lives in memory only. */
  readonly dir: string | null;
  readonly seed: number;
  /** Upper bound of model calls in flight. */
  readonly concurrency: number;
  /**
   * The model, with everything a call needs around it: journal, limit of calls in flight, retry, events. The same
   * model gives the same wrapper, and a wrapper gives itself. Of a model that asks others, it is put around those.
   *
   * @throws InvalidOptionError at once, before any call, when the budget is in dollars and the model has no price.
   */
  model(model: ChatModel): ChatModel;
  /** The embedder, with the journal around it; likewise. */
  embedder(embedder: Embedder): Embedder;
  /** The seed of a call: the same for the same run seed and place, whatever else happens. */
  seedFor(place: CallPlace): number;
  stats(): RunStats;
  /**
   * Waits for the calls that are under way, enters them, and gives the directory back. Calls that wait for a slot and
   * were aborted are not sent any more.
   */
  close(): Promise<void>;
}

/**
 * Opens a run directory, or makes it.
 *
 * @throws RunConflictError when another process has the run open, naming it; when the directory belongs to a run with
 * another seed, or to a newer version.
 * @throws InvalidFileError when its `run.json` is damaged, or its journal is another file. A damaged journal is mended.
 * @throws RunStorageError when the directory cannot be made or written.
 */
export async function openRun(dir: string, options: RunOptions = {}): Promise<Run> {
  checkRunOptions(options);
  const unlock = lockRun(dir);
  try {
    const seed = await settleSeed(dir, options.seed);
    const journal = new Journal(join(dir, 'journal.sqlite'), {
      onRecovered: (recovery) => options.onEvent?.({ type: 'journal-recovered', ...recovery }),
    });
    return createRun({ dir, seed, journal, unlock }, options);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** A run that lives in memory: nothing is resumed, nothing is written. What the pieces use when no run is given. */
export function memoryRun(options: RunOptions = {}): Run {
  checkRunOptions(options);
  const journal = new Journal(':memory:');
  return createRun({ dir: null, seed: options.seed ?? 0, journal, unlock: () => {} }, options);
}

/** The run that was given; a new one in memory if none was. @throws InvalidOptionError for something else. */
export function checkRun(run: Run | undefined): Run {
  if (run !== undefined) checkMethod('run', run, 'seedFor', 'a run, as openRun() returns it');
  return run ?? memoryRun();
}

const OPTION_NAMES = {
  seed: true,
  concurrency: true,
  limits: true,
  budget: true,
  prices: true,
  retry: true,
  onEvent: true,
} as const;

function checkRunOptions(options: RunOptions): void {
  checkKnownOptions('openRun()', options, OPTION_NAMES);
  if (options.seed !== undefined) checkNumber('seed', options.seed, { min: 0, integer: true });
  checkNumber('concurrency', options.concurrency ?? DEFAULT_CONCURRENCY, { min: 1, integer: true });
  checkRetryOptions(options.retry ?? {});
  for (const limits of Object.values(options.limits ?? {})) checkPacerOptions(limits);
}

interface RunParts {
  readonly dir: string | null;
  readonly seed: number;
  readonly journal: Journal;
  readonly unlock: () => void;
}

function createRun({ dir, seed, journal, unlock }: RunParts, options: RunOptions): Run {
  const concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
  const queue = new PQueue({ concurrency });
  const ledger = new Ledger({ budget: options.budget, prices: options.prices, before: journal.spending() });
  const emit = options.onEvent ?? (() => {});
  // By model id: several objects may be the same model, and its server sees one client.
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

  /** From the inside: let it finish, book it, wait for its turn at the model, send it again. */
  function sent(model: ChatModel): ChatModel {
    // Here and not at its first call: by then another model of the run may have been paid.
    ledger.checkPriced(model.id);
    const booked = budgeted(finishing(model), ledger);
    const pacer = pacers.get(model.id) ?? createPacer({ ...limitsOf(model.id), concurrency });
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
        const response = await retrying.generate(request, callOptions);
        calls += 1;
        usage = addUsage(usage, response.usage);
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

  // A model that asks others is wrapped inside: around the whole, its calls would be paid for twice, and its slot could
  // be the last one that they wait for.
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
    embedder: once((embedder) =>
      journaledEmbedder(embedder, { journal, onEmbed: (texts) => (embedded += texts) }),
    ),
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
      // A slot is held until a call's entry is on disk.
      closing ??= queue.onIdle().then(() => {
        journal.close();
        unlock();
      });
      return closing;
    },
  };
}

/** Wraps each thing once: the same thing gives the same wrapper, and a wrapper gives itself. */
function once<Thing extends object>(wrap: (thing: Thing) => Thing): (thing: Thing) => Thing {
  const wrapped = new WeakMap<Thing, Thing>();
  return (thing) => {
    const known = wrapped.get(thing);
    if (known !== undefined) return known;
    const outer = wrap(thing);
    wrapped.set(thing, outer).set(outer, outer);
    return outer;
  };
}
