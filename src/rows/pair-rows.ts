import { type ConversationTree, decisionPoints } from '../conversations/conversation-tree.ts';
import { numberStatements } from '../personas/persona.ts';
import { preferenceRecord } from '../preferences/records.ts';

/** One decision point as a flat row: the same user message with a preferred and a rejected response. */
export interface PairRow {
  /** Id of the pair: equal content has the same id in every export. */
  readonly id: string;
  readonly conversationId: string;
  readonly personaId: string;
  /** What the user wanted done. */
  readonly task: string | null;
  /** From 1. */
  readonly turn: number;
  /** The sides the conversation continued from at earlier turns, separated by spaces. Empty at turn 1. */
  readonly path: string;
  /** Ids of the statements that the preferred model was told, separated by spaces. */
  readonly revealed: string;
  /** Their share of the persona's statements, 0 to 1. */
  readonly revealedShare: number;
  /** The user's message. */
  readonly user: string;
  /** The conversation up to that message, as a JSON array of `{ role, content }`. */
  readonly conversation: string;
  readonly preferred: string;
  readonly rejected: string;
  /** Whether the response hit its token limit. */
  readonly preferredTruncated: boolean;
  /** Whether the response hit its token limit. */
  readonly rejectedTruncated: boolean;
  readonly preferredModel: string;
  readonly rejectedModel: string;
  /** Seed of the run. */
  readonly seed: number;
}

/** Every decision point of a tree, parents before children. */
export function pairRows(tree: ConversationTree): PairRow[] {
  const statements = numberStatements(tree.persona).length;
  return Array.from(decisionPoints(tree), (point) => {
    const { id, conversationId, personaId, turn, conversation, preferred, rejected, provenance } =
      preferenceRecord(tree, point);
    const { revealed, path, preferredModel, rejectedModel } = provenance;
    return {
      id,
      conversationId,
      personaId,
      task: tree.task ?? null,
      turn,
      path: path.join(' '),
      revealed: revealed.join(' '),
      revealedShare: revealed.length / statements,
      user: conversation.at(-1)!.content,
      conversation: JSON.stringify(conversation),
      preferred,
      rejected,
      preferredTruncated: point.node.preferred.truncated,
      rejectedTruncated: point.node.rejected.truncated,
      preferredModel,
      rejectedModel,
      seed: tree.provenance.seed,
    };
  });
}
