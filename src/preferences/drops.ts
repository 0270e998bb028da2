import type { DecisionPoint, Side } from '../conversations/conversation-tree.ts';
import { singleSpaces } from '../internal/single-spaces.ts';
import type { Message } from '../messages.ts';
import type { PreferenceFormat } from './preference-format.ts';
import type { PreferenceRecord } from './preference-record.ts';

/**
 * Why a record is left out of the training files:
 * - `bad-conversation`: the conversation does not alternate between user and assistant, does not start and end with the user,
 *   or has an empty message.
 * - `empty-response`: a response is empty or only whitespace.
 * - `truncated-response`: a response was cut at the token limit and would teach the model to stop mid-sentence.
 * - `broken-text`: a response contains U+FFFD, the sign of a damaged character.
 * - `identical-pair`: the responses differ only in case and whitespace.
 * - `nothing-revealed`: the preferred model was told fewer than `minRevealed` statements. If it was told none, both models
 *   had the same prompt, so the pair expresses no preference.
 * - `duplicate`: it repeats an earlier training example.
 * - `over-limit`: its conversation has more than `maxRecordsPerConversation` records.
 * - `length-balance`: dropped by `balanceLength`, so that length does not predict the preferred response.
 */
export type DropReason =
  | 'bad-conversation'
  | 'empty-response'
  | 'truncated-response'
  | 'broken-text'
  | 'identical-pair'
  | 'nothing-revealed'
  | 'duplicate'
  | 'over-limit'
  | 'length-balance';

export const DROP_REASONS: readonly [DropReason, ...DropReason[]] = [
  'bad-conversation',
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

/** The responses that each kind of format uses. */
export const SIDES: Readonly<Record<PreferenceFormat['kind'], readonly Side[]>> = {
  pair: ['preferred', 'rejected'],
  demonstration: ['preferred'],
  'rejected-demonstration': ['rejected'],
};

/** Why one decision point, on its own, cannot be used, or null. For demonstrations, only the response to train on counts. */
export function findFlaw(
  kind: PreferenceFormat['kind'],
  { node }: DecisionPoint,
  record: PreferenceRecord,
  options: FlawOptions,
): DropReason | null {
  const pair = kind === 'pair';
  const sides = SIDES[kind];
  const texts = sides.map((side) => record[side]);
  if (!isDialogue(record.conversation)) return 'bad-conversation';
  if (texts.some((text) => text === '')) return 'empty-response';
  const truncated = sides.some((side) => node[side].truncated);
  if (truncated && !options.keepTruncated) return 'truncated-response';
  if (texts.some((text) => text.includes('\uFFFD'))) return 'broken-text';
  if (pair && normalise(record.preferred) === normalise(record.rejected)) return 'identical-pair';
  if (pair && node.revealed.length < options.minRevealed) return 'nothing-revealed';
  return null;
}

/** Whether user and assistant alternate, with the user first and last. No system message, so no persona can leak. */
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
  return singleSpaces(text.normalize('NFKC')).trim().toLowerCase();
}
