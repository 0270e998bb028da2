import {
  type ConversationTree,
  type DecisionPoint,
  decisionPoints,
} from '../conversations/conversation-tree.ts';
import { sha256 } from '../internal/hash.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { remembered } from '../internal/remembered.ts';
import type { Message } from '../messages.ts';
import type { PointRecord } from './point-record.ts';
import type { PreferenceFormat } from './preference-format.ts';
import type { PreferenceRecord } from './preference-record.ts';
import { siblingPoints } from './siblings.ts';

/** Options of {@link preferenceRecords}. */
export interface PreferenceRecordsOptions {
  /**
   * Also yields extra pairs where several responses were written to choose from: the preferred response with each other
   * response of the rejected side, and each other response of the preferred side with the rejected one. Default false.
   */
  readonly siblings?: boolean | undefined;
}

/**
 * Yields one record per decision point of a tree, parents before children. Nothing is left out.
 *
 * @example
 * ```ts
 * import { preferenceRecords, readConversations } from 'aloe-align';
 *
 * for await (const tree of readConversations('conversations.jsonl')) {
 *   for (const { turn, preferred, rejected } of preferenceRecords(tree)) console.log(turn, preferred, rejected);
 * }
 * ```
 *
 * @throws InvalidOptionError if an option is unknown.
 */
export function* preferenceRecords(
  tree: ConversationTree,
  options: PreferenceRecordsOptions = {},
): Generator<PreferenceRecord> {
  checkKnownOptions<PreferenceRecordsOptions>('preferenceRecords()', options, { siblings: true });
  for (const { record } of pointRecords(tree, options)) yield record;
}

/** {@link preferenceRecords}, each with what it was made from. */
export function* pointRecords(
  tree: ConversationTree,
  { siblings = false }: PreferenceRecordsOptions = {},
): Generator<PointRecord> {
  for (const point of decisionPoints(tree)) {
    yield { tree, point, record: preferenceRecord(tree, point) };
    if (!siblings) continue;
    for (const { point: other, sibling } of siblingPoints(point)) {
      const { provenance, ...record } = preferenceRecord(tree, other);
      yield { tree, point: other, record: { ...record, provenance: { ...provenance, sibling } } };
    }
  }
}

/**
 * Builds the record of one decision point. Responses are trimmed: tokenizers merge leading whitespace with the header of
 * the assistant's message, and then the response does not start at a token boundary.
 */
export function preferenceRecord(tree: ConversationTree, point: DecisionPoint): PreferenceRecord {
  const { node, path } = point;
  const conversation = point.conversation.map(wellFormedMessage);
  const preferred = wellFormed(node.preferred.text).trim();
  const rejected = wellFormed(node.rejected.text).trim();
  return {
    schema: 'aloe-preference/2',
    id: idOf(conversation, preferred, rejected),
    conversationId: tree.id,
    personaId: tree.persona.id,
    turn: node.turn,
    conversation,
    preferred,
    rejected,
    provenance: {
      revealed: node.revealed,
      preferredModel: node.preferred.model ?? tree.provenance.models.preferred,
      rejectedModel: node.rejected.model ?? tree.provenance.models.rejected,
      path,
      ...(node.verdict && { verdict: node.verdict }),
    },
  };
}

/** The property names of version 1, and keys in the order of canonical JSON, so that ids stay the same. */
function idOf(conversation: readonly Message[], chosen: string, rejected: string): string {
  const context = conversation.map(({ role, content }) => ({ content, role }));
  return sha256(JSON.stringify({ chosen, context, rejected }));
}

/** The record as a format of this kind gets it: a `rejected-demonstration` trains on the rejected response. */
export function recordFor<Each extends PreferenceRecord>(kind: PreferenceFormat['kind'], record: Each): Each {
  return kind === 'rejected-demonstration' ? { ...record, preferred: record.rejected } : record;
}

/** The records of a conversation share its messages. */
const wellFormedMessage: (message: Message) => Message = remembered(({ role, content }) => ({
  role,
  content: wellFormed(content),
}));

/** Replaces lone surrogates with U+FFFD: `datasets` rejects a whole file because of one (seen with 5.0.1). */
function wellFormed(text: string): string {
  return text.toWellFormed();
}
