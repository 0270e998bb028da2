import { addUsage, type CallOptions, type ChatModel, NO_USAGE, type Usage } from '../models/chat-model.ts';
import { once } from '../runs/calls/once.ts';
import { memoryRun, type Run } from '../runs/run.ts';
import { accountOf } from '../runs/spending/accounts.ts';
import { storedAnswersOf } from '../runs/stored-answers.ts';
import { lockStep } from './lock-step.ts';
import type { Scenario } from './scenario.ts';
import { standInEmbedder } from './stand-in-embedder.ts';
import { standInModel } from './stand-in-model.ts';

/** All calls of one role to one model, those that are bought again apart from the others. */
export interface CallSum {
  readonly role: string;
  readonly model: string;
  /** Calls that a model would be sent. */
  readonly calls: number;
  /** Usage of `calls`. */
  readonly usage: Usage;
  /** Calls that a run's journal answers. */
  readonly stored: number;
  /** The model of other answers that the journal has at the places of `calls`. Null if it has none there. */
  readonly earlierModel: string | null;
  /** Whether the calls are made in batches. */
  readonly inBatches: boolean;
  /** Whether the model costs nothing (`ChatModel.free`). */
  readonly isFree: boolean;
}

/** What a piece of work takes. */
export interface CountedCalls {
  readonly sums: readonly CallSum[];
  /** Batches that follow on each other. 0 without a model that answers in batches. */
  readonly rounds: number;
}

/** A run in memory whose models are stand-ins. */
export interface DryRun {
  readonly run: Run;
  sums(): readonly CallSum[];
  /** Batches so far. */
  rounds(): number;
}

/** `judge-2` is the second vote of a judge. */
function roleOf(place: CallOptions['place']): string {
  return place?.role.replace(/-\d+$/, '') ?? 'other';
}

/** Adds up calls by role and model. */
export class CallCounter {
  readonly #sums = new Map<string, CallSum>();

  addStored(model: string, place: CallOptions['place']): void {
    const role = roleOf(place);
    this.#add({
      role,
      model,
      calls: 0,
      usage: NO_USAGE,
      stored: 1,
      earlierModel: null,
      inBatches: false,
      isFree: false,
    });
  }

  addSent(
    model: string,
    place: CallOptions['place'],
    {
      usage,
      earlierModel = null,
      inBatches,
      isFree,
    }: {
      readonly usage: Usage;
      readonly earlierModel: string | null | undefined;
      readonly inBatches: boolean;
      readonly isFree: boolean;
    },
  ): void {
    this.#add({ role: roleOf(place), model, calls: 1, usage, stored: 0, earlierModel, inBatches, isFree });
  }

  #add(sum: CallSum): void {
    const key = JSON.stringify([sum.role, sum.model, sum.earlierModel, sum.inBatches, sum.isFree]);
    const before = this.#sums.get(key);
    this.#sums.set(key, {
      ...sum,
      calls: sum.calls + (before?.calls ?? 0),
      usage: addUsage(sum.usage, before?.usage ?? NO_USAGE),
      stored: sum.stored + (before?.stored ?? 0),
    });
  }

  sums(): readonly CallSum[] {
    return [...this.#sums.values()];
  }
}

/**
 * Runs in memory with a stand-in for every model. The rest of the run is real: calls that the journal answers are not
 * counted, and of a model that calls others, each inner call is. If a run with answers is given, they are used, so that
 * everything up to the first call it cannot answer is exact.
 */
function dryRun(scenario: Scenario, real: Run | undefined, newEntries = 0): DryRun {
  const counter = new CallCounter();
  const answers = real && storedAnswersOf(real);
  const batches = lockStep();
  // A batch holds the calls of all conversations that are played.
  const memory = memoryRun({ seed: real?.seed ?? 0, concurrency: 1_000 });
  const standIns = new Map<string, ChatModel>();

  function countedStandIn(bare: ChatModel): ChatModel {
    const { id } = bare;
    const inBatches = bare.inBatches !== undefined;
    const isFree = bare.free === true;
    const standIn = standInModel(id, scenario);
    return {
      id,
      free: true,
      async generate(request, options = {}) {
        const { place } = options;
        const stored = await answers?.find(bare, request, place);
        if (stored !== undefined) {
          counter.addStored(id, place);
          return stored;
        }
        const response = await standIn.generate(request, options);
        if (inBatches) await batches.join();
        const earlierModel = await answers?.earlierModel(place);
        counter.addSent(id, place, { usage: response.usage, earlierModel, inBatches, isFree });
        return response;
      },
    };
  }

  const model: Run['model'] = once((bare) => {
    const composite = bare.mapModels?.(model);
    if (composite !== undefined) return composite;
    const account = accountOf(bare);
    const standIn = standIns.get(account) ?? memory.model(countedStandIn(bare));
    standIns.set(account, standIn);
    return standIn;
  });

  return {
    run: { ...memory, model, embedder: ({ id }) => standInEmbedder(id, scenario, newEntries) },
    sums: () => counter.sums(),
    rounds: batches.rounds,
  };
}

/** Options of {@link countCalls}. */
export interface CountOptions {
  /** A run whose answers are used. Default: none. */
  readonly real?: Run | undefined;
  /** Entries that the filter is to accept. Default 0. */
  readonly newEntries?: number | undefined;
}

/** How a small piece of work stands for the whole. */
export interface Extent {
  /** The calls are multiplied by this. */
  readonly times: number;
  /** Batches that the whole takes, one after the other. */
  readonly rounds: number;
}

/** Counts the calls that `play` makes in a dry run, and multiplies them by the number it returns. */
export async function countCalls(
  play: (dry: DryRun) => Promise<Extent>,
  scenario: Scenario,
  { real, newEntries }: CountOptions = {},
): Promise<CountedCalls> {
  const dry = dryRun(scenario, real, newEntries);
  try {
    const { times, rounds } = await play(dry);
    return { sums: dry.sums().map((sum) => scaleCalls(sum, times, times)), rounds };
  } finally {
    await dry.run.close();
  }
}

/** Multiplies the calls to be sent, and those that are stored. */
export function scaleCalls(sum: CallSum, sent: number, stored: number): CallSum {
  return {
    ...sum,
    calls: Math.round(sum.calls * sent),
    stored: Math.round(sum.stored * stored),
    usage: {
      inputTokens: Math.round(sum.usage.inputTokens * sent),
      cachedInputTokens: Math.round(sum.usage.cachedInputTokens * sent),
      outputTokens: Math.round(sum.usage.outputTokens * sent),
    },
  };
}
