import { childSeed } from '../internal/random.ts';
import { runClosed } from '../internal/run-storage.ts';
import {
  addUsage,
  type CallOptions,
  type ChatModel,
  type ChatRequest,
  type ChatResponse,
  NO_USAGE,
  type Usage,
} from '../models/chat-model.ts';
import { formatPlace } from '../models/place.ts';
import { batchesOf } from './calls/batches.ts';
import { type CallsInFlight, journaled } from './calls/journaled.ts';
import { journaledEmbedder } from './calls/journaled-embedder.ts';
import { modelPacers } from './calls/model-pacers.ts';
import { once } from './calls/once.ts';
import { pauseGate } from './calls/pause-gate.ts';
import { Rebought } from './calls/rebought.ts';
import { sending } from './calls/sending.ts';
import { Slots } from './calls/slots.ts';
import type { Run } from './run-contract.ts';
import { DEFAULT_CONCURRENCY, type RunOptions } from './run-options.ts';
import type { RunStore } from './run-store.ts';
import { ServedModels } from './served/served-models.ts';
import { callsOf } from './spending/accounts.ts';
import { Ledger } from './spending/ledger.ts';
import { spentOn } from './spending/spent-on.ts';
import { runSteering } from './steering/run-steering.ts';
import { keepAnswers, StoredAnswers } from './stored-answers.ts';

/** A run that calls models: what it puts around a call, from journal to events. */
export function createRun(store: RunStore, options: RunOptions): Run {
  const { dir, header, journal } = store;
  const { seed } = header;
  const before = journal.spending();
  const queue = new Slots(options.concurrency ?? DEFAULT_CONCURRENCY);
  const ledger = new Ledger({ budget: options.budget, prices: options.prices, before, books: store.books });
  const served = new ServedModels({
    run: store.name,
    before: header,
    stored: (modelId) => callsOf(before, modelId),
    sameModel: options.sameModel ?? false,
    save: (records) => store.saveHeader({ seed, ...records }),
  });
  const emit = options.onEvent ?? (() => {});
  const answers = new StoredAnswers(journal);
  const rebought = new Rebought({ run: store.name, max: options.maxRebought, emit });
  const pacers = modelPacers({
    limits: options.limits,
    concurrency: queue.concurrency,
    maxPauseMs: options.retry?.deadlineMs,
    emit,
  });
  const gate = pauseGate();
  const steering = runSteering({ dir, gate, queue, ledger, pacers, emit });
  const batches = batchesOf({
    dir,
    isShared: store.shared !== undefined,
    onEvent: emit,
    isBusy: () => queue.pending > 0,
  });
  const send = sending({
    gate,
    ledger,
    pacers,
    batches,
    allowance: store.allowance?.bind(store),
    beforeSend: store.beforeSend?.bind(store),
    retry: options.retry,
    emit,
  });
  const inFlight: CallsInFlight = new Map();
  let closing: Promise<void> | undefined;
  let calls = 0;
  let replayed = 0;
  let embedded = 0;
  let usage: Usage = NO_USAGE;

  /** Wraps a model, from the inside: how it is sent, and events. */
  function withEvents(model: ChatModel): ChatModel {
    // Checked now, because by the first call another model of the run may already have cost something.
    ledger.checkPriced(model.id, model.free);
    served.check(model);
    const sent = send(model);

    async function generate(request: ChatRequest, callOptions: CallOptions = {}): Promise<ChatResponse> {
      const { place, signal } = callOptions;
      signal?.throwIfAborted();
      const found = answers.earlierModel(place);
      const earlierModel = found instanceof Promise ? await found : found;
      const notBought = rebought.check(model.id, place, earlierModel);
      emit({ type: 'call-start', model: model.id, place });
      const start = performance.now();
      try {
        const response = await served.call(model, async () => {
          const answer = await sent.generate(request, callOptions);
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
          ...(model.inBatches && { inBatch: true }),
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
      journaled(withEvents(bare), {
        journal,
        spentOn: spentOn(bare),
        inFlight,
        slot(call) {
          if (closing !== undefined) return Promise.reject(runClosed());
          return bare.inBatches === undefined ? queue.add(call) : batches.slot(call);
        },
        onReplay: ({ usage }, place) => {
          replayed += 1;
          emit({ type: 'call-end', model: bare.id, place, replayed: true, usage, durationMs: 0 });
        },
      }),
  );

  const run: Run = {
    dir,
    seed,
    get concurrency() {
      return queue.concurrency;
    },
    steering,
    shared: store.shared,
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
      steering.beginClosing();
      closing ??= queue.onIdle().then(async () => {
        await batches.close();
        steering.close();
        await store.close();
      });
      return closing;
    },
  };
  store.join?.({
    steering,
    state: () => ({
      settings: steering.settings,
      traffic: steering.traffic,
      unpriced: ledger.unpriced(pacers.models.keys()),
      inFlight: queue.pending,
      calls,
      spending: ledger.spending(),
    }),
  });
  return keepAnswers(run, answers);
}

/** The same, and lets go of the store if that fails. @throws InvalidOptionError for prices or a budget that is not valid. */
export async function createStoredRun(store: RunStore, options: RunOptions): Promise<Run> {
  try {
    return createRun(store, options);
  } catch (error) {
    await store.close();
    throw error;
  }
}
