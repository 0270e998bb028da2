import { collectPersonas, playedConversation, treeConversation } from '../report/collect-conversations.ts';
import type { PageData, PlayedConversation, TreeConversation } from '../report/page-data.ts';
import type { FinishedPiece } from './finished-work.ts';

/** A finished conversation or case in the form that the page reads, with its own personas. */
export type LivePiece = { readonly name: string; readonly personas: PageData['personas'] } & (
  | { readonly kind: 'conversation'; readonly conversation: TreeConversation }
  | { readonly kind: 'case'; readonly candidate: string; readonly conversation: PlayedConversation }
);

/** Answer of the page's server to a question for finished work. */
export interface LivePieces {
  readonly pieces: readonly LivePiece[];
  readonly next: number;
}

/** Prepares a piece for the page. */
export function toLivePiece(piece: FinishedPiece): LivePiece {
  const { personas, placeOf } = collectPersonas();
  if (piece.kind === 'conversation') {
    const conversation = treeConversation(piece.tree, placeOf);
    return { kind: 'conversation', name: piece.tree.id, personas, conversation };
  }
  const { candidate, played } = piece;
  const conversation = playedConversation(played, { candidate: 0, asked: played.turns.length, placeOf });
  const name = played.repeat === 1 ? played.caseId : `${played.caseId} (${played.repeat})`;
  return { kind: 'case', name, candidate, personas, conversation };
}
