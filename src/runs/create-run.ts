import { childSeed } from '../internal/random.ts';
import { runClosed } from '../internal/run-storage.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { formatPlace } from '../models/place.ts';
import { batchesOf } from './calls/batches.ts';
import { type CallsInFlight, journaled } from './calls/journaled.ts';
import { journaledEmbedder } from './calls/journaled-embedder.ts';
import { modelPacers } from './calls/model-pacers.ts';
import { once } from './calls/once.ts';
import { pauseGate } from './calls/pause-gate.ts';
import { Rebought } from './calls/rebought.ts';
import { ReportedCalls } from './calls/reported-calls.ts';
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
  const reported = new ReportedCalls({ served, answers, rebought, emit });
  const inFlight: CallsInFlight = new Map();
  let closing: Promise<void> | undefined;
  let replayed = 0;
  let embedded = 0;

  /** A model as its calls are sent, checked and reported. */
  function sentModel(model: ChatModel): ChatModel {
    // Checked now, because by the first call another model of the run may already have cost something.
    ledger.checkPriced(model.id, model.free);
    served.check(model);
    return reported.of(model, send(model));
  }

  // If a model calls others, those are wrapped and not the whole. Otherwise each call would be booked twice, and the
  // outer call could hold the last slot, for which the inner ones wait.
  const model: Run['model'] = once(
    (bare) =>
      bare.mapModels?.(model) ??
      journaled(sentModel(bare), {
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
      calls: reported.count,
      replayed,
      rebought: rebought.count,
      embedded,
      usage: reported.usage,
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
      calls: reported.count,
      spending: ledger.spending(),
    }),
  });
  return keepAnswers(run, answers);
}

/** {@link createRun}, which closes the store if it fails. @throws InvalidOptionError for prices or a budget that is not valid. */
export async function createStoredRun(store: RunStore, options: RunOptions): Promise<Run> {
  try {
    return createRun(store, options);
  } catch (error) {
    await store.close();
    throw error;
  }
}
