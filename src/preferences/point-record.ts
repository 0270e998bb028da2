import type { ConversationTree, DecisionPoint } from '../conversations/conversation-tree.ts';
import type { PreferenceRecord } from './preference-record.ts';

/** A record with what it was made from. */
export interface PointRecord {
  readonly tree: ConversationTree;
  readonly point: DecisionPoint;
  readonly record: PreferenceRecord;
}
