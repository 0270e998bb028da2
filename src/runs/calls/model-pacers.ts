import { createPacer, type Pacer } from '../../models/pacing/pacer.ts';
import type { RunEvent } from '../events.ts';
import type { ModelLimits, RunOptions } from '../run-options.ts';
import type { LimitChanges } from '../steering/steering.ts';

export interface ModelPacersOptions {
  readonly limits: RunOptions['limits'];
  /** Maximum number of calls in flight. */
  readonly concurrency: number;
  /** How long a model may be away, or ask for a wait. */
  readonly maxPauseMs: number | undefined;
  readonly emit: (event: RunEvent) => void;
}

/** The pacers of a run, and the rate limits they begin with. */
export interface ModelPacers {
  /** The pacer of a model. Several objects may be the same model, and share its server's limits. */
  of(modelId: string): Pacer;
  /** The pacer of one of its servers, which have a pace of their own. The limits of the model hold over all of them. */
  ofServer(modelId: string, server: string): Pacer;
  /** The pacers of models, not of their servers, by model id. */
  readonly models: ReadonlyMap<string, Pacer>;
  limitsOf(modelId: string): ModelLimits;
  setLimits(modelId: string, changes: LimitChanges): void;
  setConcurrency(concurrency: number): void;
  /** While held, no call is sent. */
  hold(isHeld: boolean): void;
}

/** Makes a pacer for each model, and for each server of a model on several, when it is first asked for. */
export function modelPacers(options: ModelPacersOptions): ModelPacers {
  const { emit, maxPauseMs } = options;
  let { concurrency } = options;
  let isHeld = false;
  // Maps, because a model id may be `constructor`.
  const limits = new Map(Object.entries(options.limits ?? {}));
  const models = new Map<string, Pacer>();
  const servers = new Map<string, Pacer>();

  function found(pacers: Map<string, Pacer>, key: string, modelId: string, own: ModelLimits): Pacer {
    const known = pacers.get(key);
    if (known !== undefined) return known;
    const pacer = createPacer({
      ...own,
      concurrency,
      maxPauseMs,
      onPause: (pause) => emit({ type: 'calls-paused', model: modelId, ...pause }),
      onAway: (outage) => emit({ type: 'model-away', model: modelId, ...outage }),
      onBack: (outage) => emit({ type: 'model-back', model: modelId, ...outage }),
    });
    pacer.hold(isHeld);
    pacers.set(key, pacer);
    return pacer;
  }

  const all = () => [...models.values(), ...servers.values()];
  const limitsOf = (modelId: string) => limits.get(modelId) ?? {};
  return {
    of: (modelId) => found(models, modelId, modelId, limitsOf(modelId)),
    ofServer: (modelId, server) => found(servers, JSON.stringify([modelId, server]), modelId, {}),
    models,
    limitsOf,
    setLimits(modelId, changes) {
      const before = limitsOf(modelId);
      const { requestsPerMinute = before.requestsPerMinute, tokensPerMinute = before.tokensPerMinute } =
        changes;
      const after = {
        requestsPerMinute: requestsPerMinute ?? undefined,
        tokensPerMinute: tokensPerMinute ?? undefined,
      };
      limits.set(modelId, after);
      models.get(modelId)?.setLimits(after);
    },
    setConcurrency(changed) {
      concurrency = changed;
      for (const pacer of all()) pacer.setConcurrency(changed);
    },
    hold(held) {
      isHeld = held;
      for (const pacer of all()) pacer.hold(held);
    },
  };
}
