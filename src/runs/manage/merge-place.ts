import type { BatchRecord } from '../../models/batch/batch-file.ts';
import type { RunHeader } from '../directory/run-file.ts';
import type { StoredCall } from '../journal/journal-reader.ts';

/** A run that answers are copied from. */
export interface MergeSource {
  readonly header: RunHeader;
  /** Its calls, some at a time. */
  batches(): AsyncIterable<readonly StoredCall[]> | Iterable<readonly StoredCall[]>;
  /** What it submitted in batches of a provider. Runs in a database do not remember these. */
  readonly submitted: readonly BatchRecord[];
  close(): void | Promise<void>;
}

/** What became of a call that was to be copied. */
export type MergeOutcome = 'added' | 'same' | 'differing' | 'damaged';

/** A run that answers are copied into. */
export interface MergeTarget {
  readonly header: RunHeader;
  saveHeader(header: RunHeader): Promise<void>;
  /** Copies calls, all of them or none. What became of each, in their order. */
  put(rows: readonly StoredCall[]): readonly MergeOutcome[] | Promise<readonly MergeOutcome[]>;
  /** Takes over what was submitted in batches. Undefined for a run in a database. */
  readonly addSubmitted?: ((records: readonly BatchRecord[]) => Promise<void>) | undefined;
  close(): void | Promise<void>;
}

/** Rows in one transaction. The process can be stopped between two of them. */
export const MERGED_AT_ONCE = 2_000;
