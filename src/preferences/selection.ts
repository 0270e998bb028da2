import { sha256 } from '../internal/hash.ts';
import { childSeed, sample, seededRandom } from '../internal/random.ts';
import type { DropReason } from './drop-reasons.ts';
import { type FlawOptions, findFlaw } from './drops.ts';
import type { PointRecord } from './point-record.ts';
import type { PreferenceFormat } from './preference-format.ts';
import { recordFor } from './records.ts';

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

  function findReason(pointRecord: PointRecord): DropReason | null {
    const { record } = pointRecord;
    const flaw = findFlaw(kind, pointRecord, options);
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
