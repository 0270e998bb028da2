import {
  type ConversationTree,
  type DecisionPoint,
  decisionPoints,
} from '../conversations/conversation-tree.ts';
import { canonicalJson, sha256 } from '../internal/hash.ts';
import type { PreferenceRecord } from './preference-record.ts';

/** One record for each decision point of a tree, parents before children. Nothing is dropped. */
export function* preferenceRecords(tree: ConversationTree): Generator<PreferenceRecord> {
  for (const point of decisionPoints(tree)) yield preferenceRecord(tree, point);
}

/**
 * The record of one decision point. Responses lose the white space around them: right after the header of the
 * assistant's message, tokenizers merge it with the header, and prompt and response no longer meet at a token.
 */
export function preferenceRecord(tree: ConversationTree, point: DecisionPoint): PreferenceRecord {
  const { node, path } = point;
  const conversation = point.conversation.map(({ role, content }) => ({
    role,
    content: wellFormed(content),
  }));
  const preferred = wellFormed(node.preferred.text).trim();
  const rejected = wellFormed(node.rejected.text).trim();
  return {
    schema: 'aloe-preference/2',
    // The names of version 1, so that a record keeps its id.
    id: sha256(canonicalJson({ context: conversation, chosen: preferred, rejected })),
    conversationId: tree.id,
    personaId: tree.persona.id,
    turn: node.turn,
    conversation,
    preferred,
    rejected,
    provenance: {
      revealed: node.revealed,
      preferredModel: tree.provenance.models.preferred,
      rejectedModel: tree.provenance.models.rejected,
      path,
    },
  };
}

/** U+FFFD for each half of a surrogate pair: `datasets` refuses a whole file for one of them (seen with 5.0.1). */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
