import type { JsonValue } from '../json-value.ts';
import type { Columns } from './columns.ts';
import type { PreferenceRecord } from './preference-record.ts';

/** What a format of kind `demonstration` is given. General chat data that is mixed in has no more than this. */
export type Demonstration = Pick<PreferenceRecord, 'conversation' | 'preferred'>;

/**
 * The contract of a training-file format. One file in `formats/` for each; users bring their own the same way.
 * A format of kind `pair` needs a preferred and a rejected response, one of kind `demonstration` the preferred one only.
 */
export type PreferenceFormat = PairFormat | DemonstrationFormat;

export interface PairFormat extends FormatDescription {
  readonly kind: 'pair';
  /** The rows one record gives: mostly one. Same keys in the same order on every row. */
  rows(record: PreferenceRecord): readonly object[];
}

export interface DemonstrationFormat extends FormatDescription {
  readonly kind: 'demonstration';
  /** The rows one record gives: mostly one. Same keys in the same order on every row. */
  rows(record: Demonstration): readonly object[];
}

/** What pairs and demonstrations have in common. */
export interface FormatDescription {
  /** Names the files it gives: `<name>.train.jsonl`, `<name>.validation.jsonl`. */
  readonly name: string;
  /** Types of a row's values. The dataset card then fixes what loaders would guess; Parquet needs it. Default: unknown. */
  readonly columns?: Columns | undefined;
  /** Default `jsonl`. Use {@link parquet} to change it. */
  readonly fileType?: FileType | undefined;
  /** Files for the engine, beside the data. Asked for when there are training rows. Default: none. */
  config?(files: FormatFiles): EngineConfig;
  /** How the files are loaded, for the dataset card, seen from their folder. Default: by `datasets`. */
  load?(files: FormatFiles): LoadLine;
}

/** How rows are stored: JSON Lines, or Parquet. Also the ending of the file's name. */
export type FileType = 'jsonl' | 'parquet';

/** The data files of one format, by their names in the folder. */
export interface FormatFiles {
  readonly fileType: FileType;
  readonly train: string;
  /** Null where there are no validation rows. */
  readonly validation: string | null;
}

/**
 * Content of configuration files, by file name, which ends in `.json`, `.yaml` or `.yml`. Formats that name the same
 * file share it: each adds its keys.
 */
export type EngineConfig = Readonly<Record<string, Readonly<Record<string, JsonValue>>>>;

export interface LoadLine {
  readonly language: 'python' | 'sh';
  readonly code: string;
}
