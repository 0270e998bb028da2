import type PQueue from 'p-queue';
import type { Pacer } from '../models/pacing/pacer.ts';
import type { RunEvent } from './events.ts';
import type { Ledger } from './ledger.ts';
import type { PauseGate } from './pause-gate.ts';
import type { ModelLimits, RunOptions } from './run-options.ts';
import { createSteering, type OwnSteering, type RunSettings } from './steering.ts';
import { recordSteering, type SteeringEvent } from './steering-record.ts';

/** The parts of a run that steering acts on. */
export interface SteeredParts {
  /** Where changes are recorded. Null for nowhere. */
  readonly dir: string | null;
  readonly gate: PauseGate;
  /** Gives out the slots for calls. */
  readonly queue: PQueue;
  readonly ledger: Ledger;
  /** By model id. Models are added while the run works. */
  readonly pacers: ReadonlyMap<string, Pacer>;
  readonly limits: RunOptions['limits'];
  readonly emit: (event: RunEvent) => void;
}

/** The steering of a run, and the rate limits that a new model begins with. */
export interface RunSteering extends OwnSteering {
  limitsOf(modelId: string): ModelLimits | undefined;
}

/** Connects {@link createSteering} with slots, budget and pacers of a run. */
export function runSteering(parts: SteeredParts): RunSteering {
  const { gate, queue, ledger, pacers } = parts;
  /** A Map, because a model id may be `constructor`. */
  const limits = new Map(Object.entries(parts.limits ?? {}));

  function settings(): RunSettings {
    const { usd = null, tokens = null } = ledger.budget;
    return {
      concurrency: queue.concurrency,
      budget: { usd, tokens },
      limits: Object.fromEntries(
        [...pacers.keys()].map((model) => {
          const { requestsPerMinute = null, tokensPerMinute = null } = limits.get(model) ?? {};
          return [model, { requestsPerMinute, tokensPerMinute }];
        }),
      ),
    };
  }

  function holdAll(isHeld: boolean): void {
    for (const pacer of pacers.values()) pacer.hold(isHeld);
  }

  function emit(event: SteeringEvent): void {
    if (parts.dir !== null) recordSteering(parts.dir, event);
    parts.emit(event);
  }

  function letGo(): void {
    gate.open();
    holdAll(false);
    queue.start();
  }

  const steering = createSteering({
    letGo,
    settings,
    traffic: () =>
      [...pacers].map(([model, pacer]) => ({
        model,
        inFlight: pacer.inFlight,
        waiting: pacer.waiting,
        isAway: false,
      })),
    pause() {
      gate.close();
      queue.pause();
      holdAll(true);
      emit({ type: 'run-paused' });
    },
    resume() {
      letGo();
      emit({ type: 'run-resumed' });
    },
    retune({ concurrency, budget, limits: changes = {} }) {
      const before = settings();
      if (budget !== undefined) ledger.setBudget(budget, pacers.keys());
      if (concurrency !== undefined) {
        queue.concurrency = concurrency;
        for (const pacer of pacers.values()) pacer.setConcurrency(concurrency);
      }
      for (const [model, changed] of Object.entries(changes)) {
        const { requestsPerMinute: requests, tokensPerMinute: tokens } = limits.get(model) ?? {};
        const { requestsPerMinute = requests, tokensPerMinute = tokens } = changed;
        limits.set(model, {
          requestsPerMinute: requestsPerMinute ?? undefined,
          tokensPerMinute: tokensPerMinute ?? undefined,
        });
        pacers.get(model)?.setLimits({
          requestsPerMinute: requestsPerMinute ?? Infinity,
          tokensPerMinute: tokensPerMinute ?? Infinity,
        });
      }
      emit({ type: 'run-retuned', before, after: settings() });
    },
  });
  return Object.assign(steering, { limitsOf: (modelId: string) => limits.get(modelId) });
}
