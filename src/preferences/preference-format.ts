import type { PreferenceRecord } from './preference-record.ts';

/**
 * The contract of a training-file format. One file in `formats/` for each; users bring their own the same way.
 */
export interface PreferenceFormat {
  /** Names the files it gives: `<name>.train.jsonl`, `<name>.validation.jsonl`. */
  readonly name: string;
  /** `pair` needs a preferred and a rejected response; `demonstration` the preferred one only. */
  readonly kind: 'pair' | 'demonstration';
  /** The rows one record gives: mostly one. Same keys in the same order on every row. */
  rows(record: PreferenceRecord): readonly object[];
}
