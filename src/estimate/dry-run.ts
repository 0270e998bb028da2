import { addUsage, type ChatModel, NO_USAGE, type Usage } from '../models/chat-model.ts';
import type { RunEvent } from '../runs/events.ts';
import { memoryRun, type Run } from '../runs/run.ts';
import type { Scenario } from './scenario.ts';
import { standInEmbedder } from './stand-in-embedder.ts';
import { standInModel } from './stand-in-model.ts';

/** All calls of one role to one model. */
export interface CallSum {
  readonly role: string;
  readonly model: string;
  readonly calls: number;
  readonly usage: Usage;
}

/** A run in memory whose models are stand-ins. */
export interface DryRun {
  readonly run: Run;
  sums(): readonly CallSum[];
}

/**
 * Runs in memory with a stand-in for every model. The rest of the run is real: calls that the journal answers are not
 * counted, and of a model that calls others, each inner call is.
 */
function dryRun(scenario: Scenario, newEntries = 0): DryRun {
  const sums = new Map<string, CallSum>();

  function count(event: RunEvent): void {
    if (event.type !== 'call-end' || event.replayed) return;
    const { model, usage } = event;
    // `judge-2` is the second vote of a judge.
    const role = event.place?.role.replace(/-\d+$/, '') ?? 'other';
    const key = JSON.stringify([role, model]);
    const before = sums.get(key) ?? { calls: 0, usage: NO_USAGE };
    sums.set(key, { role, model, calls: before.calls + 1, usage: addUsage(before.usage, usage) });
  }

  const memory = memoryRun({ onEvent: count });
  const standIns = new Map<string, ChatModel>();

  function model(real: ChatModel): ChatModel {
    const composite = real.mapModels?.(model);
    if (composite !== undefined) return composite;
    const standIn = standIns.get(real.id) ?? memory.model(standInModel(real.id, scenario));
    standIns.set(real.id, standIn);
    return standIn;
  }

  return {
    run: { ...memory, model, embedder: ({ id }) => standInEmbedder(id, scenario, newEntries) },
    sums: () => [...sums.values()],
  };
}

/** Counts the calls that `play` makes in a dry run, and multiplies them by the number it returns. */
export async function countCalls(
  play: (dry: DryRun) => Promise<number>,
  scenario: Scenario,
  newEntries?: number,
): Promise<readonly CallSum[]> {
  const dry = dryRun(scenario, newEntries);
  try {
    const times = await play(dry);
    return dry.sums().map(({ calls, usage, ...which }) => ({
      ...which,
      calls: Math.round(calls * times),
      usage: {
        inputTokens: Math.round(usage.inputTokens * times),
        cachedInputTokens: Math.round(usage.cachedInputTokens * times),
        outputTokens: Math.round(usage.outputTokens * times),
      },
    }));
  } finally {
    await dry.run.close();
  }
}
