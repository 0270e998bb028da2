import type { PairVerdict } from '../conversations/pair-verdict.ts';
import type { Interval } from '../metrics/interval.ts';
import { wilsonInterval } from '../metrics/wilson-interval.ts';

/** A share with its counts. */
export interface VerdictShare {
  readonly count: number;
  /** What `count` is a part of. */
  readonly of: number;
  /** `count / of`; null of nothing. */
  readonly share: number | null;
  /** 95 % Wilson interval of the share, as if pairs were independent; null of nothing. */
  readonly interval: Interval | null;
}

/** What a judge said of the pairs of some conversations. */
export interface VerificationSummary {
  /** Ids of the judges, sorted. */
  readonly judges: readonly string[];
  /** Names under which the judges' servers say they answered, sorted. Empty if none said. */
  readonly served: readonly string[];
  /** The prompts as `id@version`, sorted. */
  readonly prompts: readonly string[];
  /** Number of pairs with a verdict. */
  readonly pairs: number;
  /** Pairs by winner. They add up to `pairs`. */
  readonly winners: Readonly<Record<PairVerdict['winner'], number>>;
  /** Undecided pairs whose responses are the same text. No judge was asked. */
  readonly identical: number;
  /** Undecided pairs for which the judge gave no usable verdict in one order or both. */
  readonly failed: number;
  /** Pairs with the same verdict in both orders, of those with a verdict in both. */
  readonly consistent: VerdictShare;
  /**
   * Pairs with which the judge leaned to the response shown first, of those with different verdicts in the two orders. 0.5 for
   * a judge without a lean; the other ones leaned to the second.
   */
  readonly leansToFirst: VerdictShare;
  /** The position that the judge leans to. Null if the interval of `leansToFirst` includes 0.5. */
  readonly leaning: 'first' | 'second' | null;
}

/** Counts verdicts. */
export class VerdictTally {
  readonly #judges = new Set<string>();
  readonly #served = new Set<string>();
  readonly #prompts = new Set<string>();
  readonly #winners = { preferred: 0, rejected: 0, undecided: 0 };
  #identical = 0;
  #failed = 0;
  #consistent = 0;
  #first = 0;
  #second = 0;

  add({ judge, served = [], prompt, winner, orders }: PairVerdict): void {
    this.#judges.add(judge);
    for (const name of served) this.#served.add(name);
    this.#prompts.add(prompt);
    this.#winners[winner] += 1;
    if (orders.length === 0) this.#identical += 1;
    else if (orders.some(({ picked }) => picked === null)) this.#failed += 1;
    else if (orders.every(({ picked }) => picked === orders[0]!.picked)) this.#consistent += 1;
    else if (orders.some(({ first, picked }) => picked === first)) this.#first += 1;
    else this.#second += 1;
  }

  result(): VerificationSummary {
    const disagreed = this.#first + this.#second;
    const leansToFirst = shareOf(this.#first, disagreed);
    const { interval } = leansToFirst;
    return {
      judges: [...this.#judges].sort(),
      served: [...this.#served].sort(),
      prompts: [...this.#prompts].sort(),
      pairs: this.#winners.preferred + this.#winners.rejected + this.#winners.undecided,
      winners: { ...this.#winners },
      identical: this.#identical,
      failed: this.#failed,
      consistent: shareOf(this.#consistent, this.#consistent + disagreed),
      leansToFirst,
      leaning:
        interval === null ? null : interval.low > 0.5 ? 'first' : interval.high < 0.5 ? 'second' : null,
    };
  }
}

function shareOf(count: number, of: number): VerdictShare {
  return { count, of, share: of === 0 ? null : count / of, interval: wilsonInterval(count, of) };
}
