import type { ModelPacers } from '../calls/model-pacers.ts';
import type { PauseGate } from '../calls/pause-gate.ts';
import type { Slots } from '../calls/slots.ts';
import type { RunEvent } from '../events.ts';
import type { Ledger } from '../spending/ledger.ts';
import { createSteering, type OwnSteering, type RunSettings } from './steering.ts';
import { recordSteering, type SteeringEvent } from './steering-record.ts';

/** The parts of a run that steering acts on. */
export interface SteeredParts {
  /** Where changes are recorded. Null for nowhere. */
  readonly dir: string | null;
  readonly gate: PauseGate;
  /** Gives out the slots for calls. */
  readonly queue: Slots;
  readonly ledger: Ledger;
  readonly pacers: ModelPacers;
  readonly emit: (event: RunEvent) => void;
}

/** Connects {@link createSteering} with slots, budget and pacers of a run. */
export function runSteering(parts: SteeredParts): OwnSteering {
  const { gate, queue, ledger, pacers } = parts;

  function settings(): RunSettings {
    const { usd = null, tokens = null } = ledger.budget;
    return {
      concurrency: queue.concurrency,
      budget: { usd, tokens },
      limits: Object.fromEntries(
        [...pacers.models.keys()].map((model) => {
          const { requestsPerMinute = null, tokensPerMinute = null } = pacers.limitsOf(model);
          return [model, { requestsPerMinute, tokensPerMinute }];
        }),
      ),
    };
  }

  function emit(event: SteeringEvent): void {
    if (parts.dir !== null) recordSteering(parts.dir, event);
    parts.emit(event);
  }

  function letGo(): void {
    gate.open();
    pacers.hold(false);
    queue.start();
  }

  return createSteering({
    letGo,
    settings,
    traffic: () =>
      [...pacers.models].map(([model, pacer]) => ({
        model,
        inFlight: pacer.inFlight,
        waiting: pacer.waiting,
        isAway: pacer.isAway,
      })),
    pause() {
      gate.close();
      queue.pause();
      pacers.hold(true);
      emit({ type: 'run-paused' });
    },
    resume() {
      letGo();
      emit({ type: 'run-resumed' });
    },
    retune({ concurrency, budget, limits: changes = {} }) {
      const before = settings();
      if (budget !== undefined) ledger.setBudget(budget, pacers.models.keys());
      if (concurrency !== undefined) {
        queue.concurrency = concurrency;
        pacers.setConcurrency(concurrency);
      }
      for (const [model, changed] of Object.entries(changes)) pacers.setLimits(model, changed);
      emit({ type: 'run-retuned', before, after: settings() });
    },
  });
}
