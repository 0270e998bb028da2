import { InvalidOptionError } from '../../errors.ts';
import { checkKnownOptions, refuseUnknownOptions } from '../../internal/option-checks.ts';
import { checkNumber } from '../../internal/options.ts';
import { checkPacerLimits } from '../../models/pacing/pacer-options.ts';
import type { BudgetChanges } from '../spending/ledger.ts';

/** Changes of a model's rate limits. What is left out stays as it is; null removes a limit. */
export interface LimitChanges {
  readonly requestsPerMinute?: number | null | undefined;
  readonly tokensPerMinute?: number | null | undefined;
}

/** Settings that can be changed while a run works. What is left out stays as it is. */
export interface Retuning {
  /** Maximum number of model calls in flight, over all models. */
  readonly concurrency?: number | undefined;
  /** The budget over the whole life of the run. */
  readonly budget?: BudgetChanges | undefined;
  /** Rate limits by model id. Without a limit, the pace is learned. */
  readonly limits?: Readonly<Record<string, LimitChanges>> | undefined;
}

/** What is done to a run while it works. */
export type SteeringTask =
  | { readonly do: 'pause' | 'resume' }
  | { readonly do: 'retune'; readonly changes: Retuning };

/** The settings of a run that can be changed while it works, as they are now. A limit that is not set is null. */
export interface RunSettings {
  readonly concurrency: number;
  readonly budget: { readonly usd: number | null; readonly tokens: number | null };
  /** By model id. Only models that were given to the run. */
  readonly limits: Readonly<
    Record<string, { readonly requestsPerMinute: number | null; readonly tokensPerMinute: number | null }>
  >;
}

/** How calls to one model stand now. */
export interface ModelTraffic {
  readonly model: string;
  /** Calls that were sent and not yet answered. */
  readonly inFlight: number;
  /** Calls that wait until the model may be called. */
  readonly waiting: number;
  /** Whether the model cannot be reached. Its calls then wait. */
  readonly isAway: boolean;
}

/** Pauses, resumes and changes a run while it works. */
export interface Steering {
  /** When the run was paused, or null if it is not paused. */
  readonly pausedSince: Date | null;
  readonly settings: RunSettings;
  /** One entry for each model that was given to the run. */
  readonly traffic: readonly ModelTraffic[];
  /** Stops sending calls. Calls in flight finish. Returns false if the run was paused already. */
  pause(): boolean;
  /** Sends calls again. Returns false if the run was not paused. */
  resume(): boolean;
  /**
   * Changes settings. Either all changes are made or none.
   *
   * @throws InvalidOptionError for a value out of range, a model that the run does not have, or a budget in dollars
   * while a model has no price.
   */
  retune(changes: Retuning): RunSettings;
  /** Calls back after each change. Returns a function that stops the calls. */
  onChange(react: () => void): () => void;
  /** Calls back when the run closes, before its directory is unlocked. */
  onClose(react: () => void): void;
}

/** What a run lets its {@link Steering} do. */
export interface Levers {
  readonly settings: () => RunSettings;
  readonly traffic: () => readonly ModelTraffic[];
  readonly pause: () => void;
  readonly resume: () => void;
  /** Resumes without a word, because the run closes. */
  readonly letGo: () => void;
  /** Throws before it has changed anything. */
  readonly retune: (changes: Retuning) => void;
}

/** {@link Steering}, and what the run tells it. */
export interface OwnSteering extends Steering {
  /**
   * Does what all processes of the run were told to. Limits may be those of a model that this process calls later.
   *
   * @throws InvalidOptionError for a value out of range, or a budget in dollars while a model has no price. Nothing is changed
   * then.
   */
  obey(task: SteeringTask): void;
  /** Lets waiting calls go, since a paused run could never end. It cannot be paused from then on. */
  beginClosing(): void;
  /** Tells that all calls are done and the run closes. */
  close(): void;
}

/** The steering of a run. */
export function createSteering(levers: Levers): OwnSteering {
  const changed = new Set<() => void>();
  const closed = new Set<() => void>();
  let pausedSince: Date | null = null;
  let isClosing = false;

  function tell(reactions: ReadonlySet<() => void>): void {
    for (const react of reactions) react();
  }

  const steering: OwnSteering = {
    get pausedSince() {
      return pausedSince;
    },
    get settings() {
      return levers.settings();
    },
    get traffic() {
      return levers.traffic();
    },
    pause() {
      if (pausedSince !== null || isClosing) return false;
      pausedSince = new Date();
      levers.pause();
      tell(changed);
      return true;
    },
    resume() {
      if (pausedSince === null) return false;
      pausedSince = null;
      levers.resume();
      tell(changed);
      return true;
    },
    retune(changes) {
      checkRetuning(changes, Object.keys(levers.settings().limits));
      steering.obey({ do: 'retune', changes });
      return levers.settings();
    },
    obey(task) {
      if (task.do === 'retune') {
        checkRetuning(task.changes, Object.keys(task.changes.limits ?? {}));
        levers.retune(task.changes);
        tell(changed);
      } else if (task.do === 'pause') steering.pause();
      else steering.resume();
    },
    onChange(react) {
      changed.add(react);
      return () => changed.delete(react);
    },
    onClose(react) {
      closed.add(react);
    },
    beginClosing() {
      isClosing = true;
      if (pausedSince === null) return;
      pausedSince = null;
      levers.letGo();
    },
    close() {
      tell(closed);
      closed.clear();
    },
  };
  return steering;
}

/** @throws InvalidOptionError for a value out of range, or a model that is not among these. */
export function checkRetuning(changes: Retuning, models: readonly string[]): void {
  checkKnownOptions<Retuning>('retune()', changes, { concurrency: true, budget: true, limits: true });
  const { concurrency, budget = {}, limits = {} } = changes;
  if (concurrency !== undefined) checkNumber('concurrency', concurrency, { min: 1, integer: true });
  checkKnownOptions<BudgetChanges>('budget', budget, { usd: true, tokens: true });
  for (const [name, value] of Object.entries(budget)) {
    if (value !== undefined && value !== null) checkNumber(`budget.${name}`, value, { min: 0 });
  }
  for (const [model, own] of Object.entries(limits)) {
    if (!models.includes(model)) {
      const known = models.length === 0 ? 'none so far' : models.join(', ');
      throw new InvalidOptionError(`The run has no model "${model}".`, { hint: `Its models are: ${known}.` });
    }
    refuseUnknownOptions(`limits["${model}"]`, own, ['requestsPerMinute', 'tokensPerMinute']);
    checkPacerLimits(Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null)));
  }
}
