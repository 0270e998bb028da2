import type { PoolKind, UnusablePart } from './pool-data.ts';

/** What a growing pool reports. */
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
  /** A part of a reply, a whole reply, or a failed call that gave no candidate. */
  | ({ readonly type: 'reply-unusable'; readonly kind: PoolKind } & UnusablePart)
  | {
      readonly type: 'wave-end';
      readonly kind: PoolKind;
      readonly size: number;
      readonly target: number;
      /** Share of the last candidates that was accepted; null before the first candidate. */
      readonly acceptance: number | null;
    };
