import type { JsonValue } from '../json-value.ts';
import type { Columns } from './columns.ts';
import type { PreferenceRecord } from './preference-record.ts';

/** What a format of kind `demonstration` gets. General chat data has nothing more. */
export type Demonstration = Pick<PreferenceRecord, 'conversation' | 'preferred'>;

/**
 * A training-file format: turns records into rows. Kind `pair` needs a preferred and a rejected response, kind
 * `demonstration` only the preferred one. To add one of your own, see docs/extending/preference-format.md.
 */
export type PreferenceFormat = PairFormat | DemonstrationFormat;

/** A format that needs both responses, as for DPO. */
export interface PairFormat extends FormatDescription {
  /** Decides which records are left out. */
  readonly kind: 'pair';
  /** Turns a record into rows, usually one. Every row must have the same keys in the same order. */
  rows(record: PreferenceRecord): readonly object[];
}

/** A format that needs only the preferred response, as for SFT. */
export interface DemonstrationFormat extends FormatDescription {
  /** Decides which records are left out. */
  readonly kind: 'demonstration';
  /** Turns a record into rows, usually one. Every row must have the same keys in the same order. */
  rows(record: Demonstration): readonly object[];
}

/** The common part of {@link PairFormat} and {@link DemonstrationFormat}. */
export interface FormatDescription {
  /**
   * Begins the file names: `<name>.train.jsonl`, `<name>.validation.jsonl`. Letters, digits, `.`, `_` and `-`, starting
   * with a letter or digit.
   */
  readonly name: string;
  /** Types of a row's values. The dataset card states them, so that loaders do not guess; Parquet requires them. Default: unknown. */
  readonly columns?: Columns | undefined;
  /** Default `jsonl`. Use {@link parquet} to change it. */
  readonly fileType?: FileType | undefined;
  /** Configuration files for the trainer. Called if there are training rows. Default: none. */
  config?(files: FormatFiles): EngineConfig;
  /** Code that loads the files, for the dataset card. It runs in their directory. Default: Python with `datasets`. */
  load?(files: FormatFiles): LoadLine;
}

/** How rows are stored: JSON Lines or Parquet. Also the file name's extension. */
export type FileType = 'jsonl' | 'parquet';

/** The data files of one format. */
export interface FormatFiles {
  /** How both files store their rows. */
  readonly fileType: FileType;
  /** File name of the training rows, without a directory. */
  readonly train: string;
  /** File name of the validation rows; null if there are none. */
  readonly validation: string | null;
}

/**
 * Contents of configuration files, by file name ending in `.json`, `.yaml` or `.yml`. If several formats name the same
 * file, their keys are merged.
 */
export type EngineConfig = Readonly<Record<string, Readonly<Record<string, JsonValue>>>>;

/** Code that loads the files of a format. */
export interface LoadLine {
  /** Language of the code block in the dataset card. */
  readonly language: 'python' | 'sh';
  /** One or more lines of code. */
  readonly code: string;
}
