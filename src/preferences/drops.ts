import type { DecisionPoint } from '../conversations/conversation-tree.ts';
import type { Message } from '../messages.ts';
import type { PreferenceFormat } from './preference-format.ts';
import type { PreferenceRecord } from './preference-record.ts';

/**
 * Why a record is in no training file:
 * - `bad-context`: the messages do not alternate between user and assistant, do not end with the user, or one is empty.
 * - `empty-response`: nothing but white space.
 * - `truncated-response`: the model was cut at its token limit, so it would teach to stop in mid-sentence.
 * - `broken-text`: a response holds U+FFFD, the mark of a character that was cut.
 * - `identical-pair`: both responses differ only in case and whitespace.
 * - `nothing-revealed`: the preferred model was told fewer traits than `minRevealed`. Told none, both models
 *   had the same prompt, and the pair says nothing.
 * - `duplicate`: the same training example came before.
 * - `over-limit`: its conversation had more than `maxRecordsPerConversation`.
 * - `length-balance`: drawn by `balanceLength`, so that length does not tell the preferred response.
 */
export type DropReason =
  | 'bad-context'
  | 'empty-response'
  | 'truncated-response'
  | 'broken-text'
  | 'identical-pair'
  | 'nothing-revealed'
  | 'duplicate'
  | 'over-limit'
  | 'length-balance';

export const DROP_REASONS: readonly [DropReason, ...DropReason[]] = [
  'bad-context',
  'empty-response',
  'truncated-response',
  'broken-text',
  'identical-pair',
  'nothing-revealed',
  'duplicate',
  'over-limit',
  'length-balance',
];

export interface FlawOptions {
  readonly minRevealed: number;
  readonly keepTruncated: boolean;
}

/** What is wrong with one decision point taken by itself, or null. A demonstration looks at the preferred side only. */
export function findFlaw(
  kind: PreferenceFormat['kind'],
  { node }: DecisionPoint,
  record: PreferenceRecord,
  options: FlawOptions,
): DropReason | null {
  const pair = kind === 'pair';
  const texts = pair ? [record.preferred, record.rejected] : [record.preferred];
  if (!isDialogue(record.conversation)) return 'bad-context';
  if (texts.some((text) => text === '')) return 'empty-response';
  const truncated = node.preferred.truncated || (pair && node.rejected.truncated);
  if (truncated && !options.keepTruncated) return 'truncated-response';
  if (texts.some((text) => text.includes('\uFFFD'))) return 'broken-text';
  if (pair && normalise(record.preferred) === normalise(record.rejected)) return 'identical-pair';
  if (pair && node.revealed.length < options.minRevealed) return 'nothing-revealed';
  return null;
}

/** User and assistant in turn, the user first and last: no place for a persona, a hint or a stage direction. */
function isDialogue(messages: readonly Message[]): boolean {
  return (
    messages.length % 2 === 1 &&
    messages.every(
      ({ role, content }, index) =>
        role === (index % 2 === 0 ? 'user' : 'assistant') && content.trim() !== '',
    )
  );
}

function normalise(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase();
}
