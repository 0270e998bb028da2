import type { Side } from '../conversations/conversation-tree.ts';
import { singleSpaces } from '../internal/single-spaces.ts';
import type { Message } from '../messages.ts';
import type { ContentRule } from './content-rules.ts';
import type { DropReason } from './drop-reasons.ts';
import type { PointRecord } from './point-record.ts';
import type { PreferenceFormat } from './preference-format.ts';

export interface FlawOptions {
  readonly minRevealed: number;
  readonly keepTruncated: boolean;
  /** In the order in which they are asked. */
  readonly rules: readonly ContentRule[];
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
  pointRecord: PointRecord,
  options: FlawOptions,
): DropReason | null {
  const { record } = pointRecord;
  const { node } = pointRecord.point;
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
  if (!pair && record.provenance.sibling !== undefined) return 'sibling';
  return options.rules.find((rule) => rule.find(kind, pointRecord) !== null)?.reason ?? null;
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

/** Of a text without whitespace around it, as records have them. */
function normalise(text: string): string {
  return singleSpaces(text.normalize('NFKC')).toLowerCase();
}
