import type { PoolKind, UnusablePart } from './pool-data.ts';

/** Progress events of {@link PersonaPool.grow}. */
export type PersonaPoolEvent =
  | {
      readonly type: 'entry-accepted';
      readonly kind: PoolKind;
      readonly id: string;
      readonly text: string;
      /** Null when the pool was empty. */
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
  /** Part of a reply, a whole reply or a failed call gave no candidate. */
  | ({ readonly type: 'reply-unusable'; readonly kind: PoolKind } & UnusablePart)
  | {
      readonly type: 'wave-end';
      readonly kind: PoolKind;
      readonly size: number;
      readonly target: number;
      /** Share of the latest candidates that was accepted, 0 to 1. Null before the first candidate. */
      readonly acceptance: number | null;
    };
