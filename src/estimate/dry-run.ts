import { addUsage, type CallOptions, type ChatModel, NO_USAGE, type Usage } from '../models/chat-model.ts';
import { memoryRun, type Run } from '../runs/run.ts';
import { storedAnswersOf } from '../runs/stored-answers.ts';
import type { Scenario } from './scenario.ts';
import { standInEmbedder } from './stand-in-embedder.ts';
import { standInModel } from './stand-in-model.ts';

/** All calls of one role to one model. */
export interface CallSum {
  readonly role: string;
  readonly model: string;
  /** Calls that a model would be sent. */
  readonly calls: number;
  /** Usage of `calls`. */
  readonly usage: Usage;
  /** Calls that a run's journal answers. */
  readonly stored: number;
  /** Part of `calls` for which the journal has another answer. */
  readonly rebought: number;
}

/** A run in memory whose models are stand-ins. */
export interface DryRun {
  readonly run: Run;
  sums(): readonly CallSum[];
}

/** Adds up calls by role and model. */
export class CallCounter {
  readonly #sums = new Map<string, CallSum>();

  add(
    model: string,
    place: CallOptions['place'],
    counted: Partial<Pick<CallSum, 'calls' | 'usage' | 'stored' | 'rebought'>>,
  ): void {
    // `judge-2` is the second vote of a judge.
    const role = place?.role.replace(/-\d+$/, '') ?? 'other';
    const key = JSON.stringify([role, model]);
    const before = this.#sums.get(key) ?? { calls: 0, usage: NO_USAGE, stored: 0, rebought: 0 };
    this.#sums.set(key, {
      role,
      model,
      calls: before.calls + (counted.calls ?? 0),
      usage: addUsage(before.usage, counted.usage ?? NO_USAGE),
      stored: before.stored + (counted.stored ?? 0),
      rebought: before.rebought + (counted.rebought ?? 0),
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
  const memory = memoryRun({ seed: real?.seed ?? 0 });
  const standIns = new Map<string, ChatModel>();

  function countedStandIn(bare: ChatModel): ChatModel {
    const { id } = bare;
    const standIn = standInModel(id, scenario);
    return {
      id,
      free: true,
      async generate(request, options = {}) {
        const { place } = options;
        const stored = answers?.find(bare, request, place);
        if (stored !== undefined) {
          counter.add(id, place, { stored: 1 });
          return stored;
        }
        const response = await standIn.generate(request, options);
        const isRebought = answers?.earlierModel(place) !== undefined;
        counter.add(id, place, { calls: 1, usage: response.usage, rebought: isRebought ? 1 : 0 });
        return response;
      },
    };
  }

  function model(bare: ChatModel): ChatModel {
    const composite = bare.mapModels?.(model);
    if (composite !== undefined) return composite;
    const standIn = standIns.get(bare.id) ?? memory.model(countedStandIn(bare));
    standIns.set(bare.id, standIn);
    return standIn;
  }

  return {
    run: { ...memory, model, embedder: ({ id }) => standInEmbedder(id, scenario, newEntries) },
    sums: () => counter.sums(),
  };
}

/** Options of {@link countCalls}. */
export interface CountOptions {
  /** A run whose answers are used. Default: none. */
  readonly real?: Run | undefined;
  /** Entries that the filter is to accept. Default 0. */
  readonly newEntries?: number | undefined;
}

/** Counts the calls that `play` makes in a dry run, and multiplies them by the number it returns. */
export async function countCalls(
  play: (dry: DryRun) => Promise<number>,
  scenario: Scenario,
  { real, newEntries }: CountOptions = {},
): Promise<readonly CallSum[]> {
  const dry = dryRun(scenario, real, newEntries);
  try {
    const times = await play(dry);
    return dry.sums().map((sum) => scaleCalls(sum, times, times));
  } finally {
    await dry.run.close();
  }
}

/** Multiplies the calls to be sent, and those that are stored. */
export function scaleCalls(sum: CallSum, sent: number, stored: number): CallSum {
  return {
    ...sum,
    calls: Math.round(sum.calls * sent),
    rebought: Math.round(sum.rebought * sent),
    stored: Math.round(sum.stored * stored),
    usage: {
      inputTokens: Math.round(sum.usage.inputTokens * sent),
      cachedInputTokens: Math.round(sum.usage.cachedInputTokens * sent),
      outputTokens: Math.round(sum.usage.outputTokens * sent),
    },
  };
}
