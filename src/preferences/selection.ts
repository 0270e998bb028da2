import type { DecisionPoint } from '../conversations/conversation-tree.ts';
import { sha256 } from '../internal/hash.ts';
import { childSeed, sample, seededRandom } from '../internal/random.ts';
import { type DropReason, type FlawOptions, findFlaw } from './drops.ts';
import type { PreferenceFormat } from './preference-format.ts';
import type { PreferenceRecord } from './preference-record.ts';
import { recordFor } from './records.ts';

/** A record with the decision point it was made from. */
export interface PointRecord {
  readonly point: DecisionPoint;
  readonly record: PreferenceRecord;
}

/** Options of {@link createSelection}. */
export interface SelectionOptions extends FlawOptions {
  readonly seed: number;
  readonly maxRecordsPerConversation: number;
}

/** For each record of one conversation: why it is left out, or null if it is kept. */
export type Selection = (conversationId: string, records: readonly PointRecord[]) => (DropReason | null)[];

/** Selects the records of one kind of format. Memory grows by one number per record kept. */
export function createSelection(kind: PreferenceFormat['kind'], options: SelectionOptions): Selection {
  const seen = new Set<number>();

  function findReason({ point, record }: PointRecord): DropReason | null {
    const flaw = findFlaw(kind, point, record, options);
    if (flaw !== null) return flaw;
    const { conversation, preferred } = recordFor(kind, record);
    const hash = kind === 'pair' ? record.id : sha256(JSON.stringify([conversation, preferred]));
    // A number holds 52 bits exactly. With a million records, one export in 9,000 has a false duplicate.
    const key = Number.parseInt(hash.slice(0, 13), 16);
    if (seen.has(key)) return 'duplicate';
    seen.add(key);
    return null;
  }

  return (conversationId, records) => {
    const reasons = records.map(findReason);
    const kept = [...reasons.keys()].filter((index) => reasons[index] === null);
    if (kept.length <= options.maxRecordsPerConversation) return reasons;
    // Sampled, because the first turns are those in which little of the persona is known.
    const random = seededRandom(childSeed(options.seed, 'records', conversationId));
    const drawn = new Set(sample(kept, options.maxRecordsPerConversation, random));
    return reasons.map((reason, index) => (reason === null && !drawn.has(index) ? 'over-limit' : reason));
  };
}
