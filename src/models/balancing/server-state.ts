import type { ModelCallError } from '../../errors.ts';
import type { ChatModel } from '../chat-model.ts';

/** Failures in a row, with no answer between them, after which a server counts as away. One alone may be chance. */
const FAILURES_UNTIL_AWAY = 3;
/** At most one call in this time asks an away server whether it is back. */
const PROBE_INTERVAL_MS = 1_000;
/** Refusals for this long, with no answer between them, are more than a rate limit that its pacer is about to learn. */
const ONLY_REFUSALS_MS = 5_000;
/** Longest time without a call to a server that only refuses, unless it asks for more. */
const MAX_AVOIDED_MS = 60_000;

/** One of several servers of a model: what it is doing, and whether it answers. */
export class ServerState {
  readonly model: ChatModel;
  /** Where it is, for events, errors and affinity. */
  readonly name: string;
  /** Withdraws the calls that have not been sent to it yet. */
  readonly waiting: Set<() => void> = new Set();
  /** Calls given to it that have not ended. */
  outstanding = 0;
  /** The last failure since its last answer. */
  lastError: unknown;
  #failures = 0;
  #awaySince: number | undefined;
  #nextProbe = 0;
  #isProbed = false;
  #refusedSince: number | undefined;
  #avoidedUntil = 0;

  constructor(model: ChatModel, name: string) {
    this.model = model;
    this.name = name;
  }

  get isAway(): boolean {
    return this.#awaySince !== undefined;
  }

  /** Whether a call may ask the server if it is back. */
  isProbeDue(now: number): boolean {
    return this.isAway && !this.#isProbed && now >= this.#nextProbe;
  }

  /** Whether it only refuses calls, and none should go there while another server is present. */
  isAvoided(now: number): boolean {
    return now < this.#avoidedUntil;
  }

  /** A call is given to it. If it is away, the call is a probe. */
  begin(now: number): void {
    this.outstanding += 1;
    if (!this.isAway) return;
    this.#isProbed = true;
    this.#nextProbe = now + PROBE_INTERVAL_MS;
  }

  /** The call has ended, in whatever way. */
  end(): void {
    this.outstanding -= 1;
    this.#isProbed = false;
  }

  /** @returns how long it was away, if this answer ends that. */
  answered(now: number): number | undefined {
    const awaySince = this.#awaySince;
    this.#failures = 0;
    this.#awaySince = undefined;
    this.#refusedSince = undefined;
    this.#avoidedUntil = 0;
    this.lastError = undefined;
    return awaySince === undefined ? undefined : now - awaySince;
  }

  /** @returns whether this failure makes it away. */
  failed(error: unknown, now: number): boolean {
    this.lastError = error;
    this.#failures += 1;
    if (this.isAway || this.#failures < FAILURES_UNTIL_AWAY) return false;
    this.#awaySince = now;
    this.#nextProbe = now + PROBE_INTERVAL_MS;
    return true;
  }

  /**
   * It refused a call with 429.
   *
   * @returns whether it has only refused for a while. It is then avoided for as long again, as its pacer pauses.
   */
  refused({ retryAfterMs = 0 }: ModelCallError, now: number): boolean {
    this.#refusedSince ??= now;
    const refusedMs = now - this.#refusedSince;
    if (refusedMs < ONLY_REFUSALS_MS) return false;
    this.#avoidedUntil = now + Math.max(retryAfterMs, Math.min(refusedMs, MAX_AVOIDED_MS));
    return true;
  }
}
