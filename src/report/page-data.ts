import type { ConversationFailure, TurnNode } from '../conversations/conversation-tree.ts';
import type { EvaluatedTurn } from '../evaluation/evaluated-case.ts';
import type { Statement } from '../personas/persona.ts';

/** What the script of the page reads: the conversations, with personas that many share written once. */
export interface PageData {
  readonly personas: readonly (readonly Statement[])[];
  /** Names of what the conversations come from: the candidates, in their order. */
  readonly candidates: readonly string[];
  readonly played: readonly PlayedConversation[];
  readonly trees: readonly TreeConversation[];
}

/** A case as one candidate played it. */
export interface PlayedConversation {
  /** Place in `candidates`. */
  readonly candidate: number;
  readonly caseId: string;
  /** Place in `personas`. */
  readonly persona: number;
  /** From which turn on the user was who else. */
  readonly drift?: { readonly turn: number; readonly persona: number } | undefined;
  readonly turns: readonly EvaluatedTurn[];
  /** Turns that the benchmark asked for. */
  readonly asked: number;
  readonly failure?: ConversationFailure | undefined;
}

/** A conversation of a corpus, with both responses at every turn. */
export interface TreeConversation {
  readonly id: string;
  /** Place in `personas`. */
  readonly persona: number;
  readonly root: TurnNode | null;
  readonly failures: readonly ConversationFailure[];
}
