import PQueue from 'p-queue';
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
import { createPacer, type Pacer } from '../models/pacing/pacer.ts';
import { formatPlace } from '../models/place.ts';
import { plausibleUsage } from '../models/plausible-usage.ts';
import { retry } from '../models/retry.ts';
import { budgeted } from './budgeted.ts';
import { finishing } from './finishing.ts';
import { type Journal, runClosed } from './journal.ts';
import { type CallsInFlight, journaled } from './journaled.ts';
import { journaledEmbedder } from './journaled-embedder.ts';
import { Ledger } from './ledger.ts';
import { once } from './once.ts';
import { Rebought } from './rebought.ts';
import type { Run } from './run-contract.ts';
import { type RunHeader, saveHeader } from './run-file.ts';
import { DEFAULT_CONCURRENCY, type ModelLimits, type RunOptions } from './run-options.ts';
import { ServedModels } from './served-models.ts';
import { keepAnswers, StoredAnswers } from './stored-answers.ts';

/** What {@link createRun} puts together. */
export interface RunParts {
  readonly dir: string | null;
  readonly header: RunHeader;
  readonly journal: Journal;
  readonly unlock: () => void;
}

/** A run that calls models: what it puts around a call, from journal to events. */
export function createRun({ dir, header, journal, unlock }: RunParts, options: RunOptions): Run {
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
  const answers = new StoredAnswers(journal);
  const rebought = new Rebought({ run: dir ?? 'The run', answers, max: options.maxRebought, emit });
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
        maxPauseMs: options.retry?.deadlineMs,
        onPause: (pause) => emit({ type: 'calls-paused', model: model.id, ...pause }),
        onAway: (outage) => emit({ type: 'model-away', model: model.id, ...outage }),
        onBack: (outage) => emit({ type: 'model-back', model: model.id, ...outage }),
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
      const notBought = rebought.check(model.id, place);
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
        notBought();
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

  const run: Run = {
    dir,
    seed,
    concurrency,
    readOnly: false,
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
      rebought: rebought.count,
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
  return keepAnswers(run, answers);
}
