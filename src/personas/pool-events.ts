import type { PoolKind, StopReason, UnusablePart } from './pool-data.ts';
import type { FoundFlaw } from './quality/entry-flaw.ts';

/** Progress events of {@link PersonaPool.grow}. `text` is an entry's statements as one text. */
export type PersonaPoolEvent =
  | {
      readonly type: 'entry-accepted';
      readonly kind: PoolKind;
      readonly id: string;
      readonly text: string;
      /** The most similar accepted entry. Null when the pool was empty. */
      readonly nearestId: string | null;
      readonly similarity: number | null;
    }
  | {
      readonly type: 'entry-discarded';
      readonly kind: PoolKind;
      readonly id: string;
      readonly text: string;
      readonly nearestId: string;
      readonly similarity: number;
    }
  /** The quality gate refused an entry. */
  | ({
      readonly type: 'entry-flawed';
      readonly kind: PoolKind;
      readonly id: string;
      readonly text: string;
    } & FoundFlaw)
  /** Part of a reply, a whole reply or a failed call gave no entry. */
  | ({ readonly type: 'reply-unusable'; readonly kind: PoolKind } & UnusablePart)
  | {
      readonly type: 'wave-end';
      readonly kind: PoolKind;
      /** Entries in the pool, seeds included. */
      readonly size: number;
      readonly target: number;
      /** Share of the latest entries that was accepted, 0 to 1. Null before the first entry. */
      readonly acceptance: number | null;
    }
  /** One of the two pools stopped growing. Smaller than its target unless `stopped` is `target`. */
  | {
      readonly type: 'growth-end';
      readonly kind: PoolKind;
      readonly size: number;
      readonly target: number;
      readonly stopped: StopReason;
    };
