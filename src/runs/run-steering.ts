import type PQueue from 'p-queue';
import type { Pacer } from '../models/pacing/pacer.ts';
import type { RunEvent } from './events.ts';
import type { Ledger } from './ledger.ts';
import type { PauseGate } from './pause-gate.ts';
import type { ModelLimits, RunOptions } from './run-options.ts';
import { createSteering, type OwnSteering, type RunSettings } from './steering.ts';

/** The parts of a run that steering acts on. */
export interface SteeredParts {
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
  const { gate, queue, ledger, pacers, emit } = parts;
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
    retune({ concurrency, budget, limits: changed = {} }) {
      const before = settings();
      if (budget !== undefined) ledger.setBudget(given(budget), pacers.keys());
      if (concurrency !== undefined) {
        queue.concurrency = concurrency;
        for (const pacer of pacers.values()) pacer.setConcurrency(concurrency);
      }
      for (const [model, own] of Object.entries(changed)) {
        const now = Object.entries({ ...limits.get(model), ...given(own) });
        limits.set(model, Object.fromEntries(now.filter(([, limit]) => limit !== Infinity)));
        pacers.get(model)?.setLimits(own);
      }
      emit({ type: 'run-retuned', before, after: settings() });
    },
  });
  return Object.assign(steering, { limitsOf: (modelId: string) => limits.get(modelId) });
}

/** Without what is undefined, which would otherwise overwrite what was there. */
function given<Values extends object>(values: Values): Partial<Values> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Partial<Values>;
}
