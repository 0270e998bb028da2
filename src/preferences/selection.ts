import type { DecisionPoint } from '../conversations/conversation-tree.ts';
import { sha256 } from '../internal/hash.ts';
import { childSeed, sample, seededRandom } from '../internal/random.ts';
import { type DropReason, type FlawOptions, findFlaw } from './drops.ts';
import type { PreferenceFormat } from './preference-format.ts';
import type { PreferenceRecord } from './preference-record.ts';

export interface Candidate {
  readonly point: DecisionPoint;
  readonly record: PreferenceRecord;
}

export interface SelectionOptions extends FlawOptions {
  readonly seed: number;
  readonly maxRecordsPerConversation: number;
}

/** For each candidate of one conversation: why it is dropped, or null when it is kept. */
export type Selection = (conversationId: string, candidates: readonly Candidate[]) => (DropReason | null)[];

/** Selects the records of one kind of format. It remembers what it has kept: one number a record. */
export function createSelection(kind: PreferenceFormat['kind'], options: SelectionOptions): Selection {
  const seen = new Set<number>();

  function judge({ point, record }: Candidate): DropReason | null {
    const flaw = findFlaw(kind, point, record, options);
    if (flaw !== null) return flaw;
    const { conversation, preferred } = record;
    const hash = kind === 'pair' ? record.id : sha256(JSON.stringify([conversation, preferred]));
    // 52 bits fit a number exactly; among a million records one false duplicate is expected once in 9,000 exports.
    const key = Number.parseInt(hash.slice(0, 13), 16);
    if (seen.has(key)) return 'duplicate';
    seen.add(key);
    return null;
  }

  return (conversationId, candidates) => {
    const fates = candidates.map(judge);
    const kept = [...fates.keys()].filter((index) => fates[index] === null);
    if (kept.length <= options.maxRecordsPerConversation) return fates;
    // Drawn, not the first ones: those are the turns in which little of the persona is known.
    const random = seededRandom(childSeed(options.seed, 'records', conversationId));
    const drawn = new Set(sample(kept, options.maxRecordsPerConversation, random));
    return fates.map((fate, index) => (fate === null && !drawn.has(index) ? 'over-limit' : fate));
  };
}
