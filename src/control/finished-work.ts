import type { ConversationTree } from '../conversations/conversation-tree.ts';
import type { EvaluatedCase } from '../evaluation/evaluated-case.ts';
import type { ProgressEvent } from '../progress/progress.ts';

/** A conversation or a simulated case that has ended. */
export type FinishedPiece =
  | { readonly kind: 'conversation'; readonly tree: ConversationTree }
  | { readonly kind: 'case'; readonly candidate: string; readonly played: EvaluatedCase };

/** Pieces of work, and where the next request goes on. */
export interface FinishedWork {
  readonly pieces: readonly FinishedPiece[];
  /** Number of pieces that were finished in all. Pass it as `after` to get only later ones. */
  readonly next: number;
}

/** Enough to look into a run, and little memory: a long conversation is some 50 kB. */
export const MAX_KEPT = 40;

/** Keeps the last conversations and cases that were finished. */
export function keepFinished(): {
  take(event: ProgressEvent): void;
  readonly count: number;
  after(count: number): FinishedWork;
} {
  let kept: readonly FinishedPiece[] = [];
  let next = 0;

  function keep(piece: FinishedPiece): void {
    next += 1;
    kept = [...kept, piece].slice(-MAX_KEPT);
  }

  return {
    take(event) {
      if (event.type === 'conversation-end') keep({ kind: 'conversation', tree: event.tree });
      else if (event.type === 'case-end') {
        keep({ kind: 'case', candidate: event.candidate, played: event.played });
      }
    },
    get count() {
      return next;
    },
    after(count) {
      const wanted = Math.max(0, next - count);
      return { pieces: wanted === 0 ? [] : kept.slice(-wanted), next };
    },
  };
}
