import type { ConversationFailure, Side, TurnNode } from '../conversations/conversation-tree.ts';
import type { ProbeReply } from '../evaluation/costs/case-costs.ts';
import type { EvaluatedTurn } from '../evaluation/evaluated-case.ts';
import type { Statement } from '../personas/persona.ts';

/** The data of the page's script: the conversations, with shared personas stored once. */
export interface PageData {
  readonly personas: readonly (readonly Statement[])[];
  /** Names of the candidates, in order. */
  readonly candidates: readonly string[];
  /** How the settings of two candidates differ, by their indices. Only pairs that do. */
  readonly differences: readonly {
    readonly first: number;
    readonly second: number;
    readonly notes: readonly string[];
  }[];
  readonly played: readonly PlayedConversation[];
  readonly trees: readonly TreeConversation[];
}

/** A simulation of a case with one candidate. */
export interface PlayedConversation {
  /** Index in `candidates`. */
  readonly candidate: number;
  readonly caseId: string;
  /** Which simulation of the case this is, from 1. */
  readonly repeat: number;
  /** Place in `personas`, at the first turn. */
  readonly persona: number;
  /** The later turns from which the user is another, in order: the persona from there on, and what has changed. */
  readonly changes: readonly { readonly turn: number; readonly persona: number; readonly note: string }[];
  /** Id of the case whose persona the responses were also judged for. */
  readonly otherCase?: string | undefined;
  readonly turns: readonly EvaluatedTurn[];
  /** What was asked after the last turn to measure the costs of alignment. */
  readonly probes: readonly ProbeReply[];
  /** Number of turns the evaluation asked for. */
  readonly asked: number;
  readonly failure?: ConversationFailure | undefined;
}

/** A conversation of a corpus, with both responses at every turn. */
export interface TreeConversation {
  readonly id: string;
  /** Place in `personas`. */
  readonly persona: number;
  /** Ids of the models that wrote each side, as in the conversation's `provenance`. */
  readonly models: Readonly<Record<Side, string>>;
  readonly root: TurnNode | null;
  readonly failures: readonly ConversationFailure[];
}
