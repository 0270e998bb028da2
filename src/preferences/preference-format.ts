import type { JsonValue } from '../json-value.ts';
import type { Columns } from './columns.ts';
import type { PreferenceRecord } from './preference-record.ts';

/**
 * What a format of demonstrations gets. General chat data has nothing more. `preferred` is the response to train on: for
 * the kind `rejected-demonstration`, it is the record's rejected response.
 */
export type Demonstration = Pick<PreferenceRecord, 'conversation' | 'preferred'>;

/**
 * A training-file format: turns records into rows. Kind `pair` needs a preferred and a rejected response, the other kinds
 * only one of them. To add one of your own, see docs/extending/preference-format.md.
 */
export type PreferenceFormat = PairFormat | DemonstrationFormat;

/** A format that needs both responses, as for DPO. */
export interface PairFormat extends FormatDescription {
  /** Decides which records are left out. */
  readonly kind: 'pair';
  /** Turns a record into rows, usually one. Every row must have the same keys in the same order. */
  rows(record: PreferenceRecord): readonly object[];
}

/** How a format of demonstrations uses the general chat data of an export: mixed with its own rows, not, or as its only rows. */
export type GeneralChatUse = 'mixed' | 'none' | 'only';

/** A format that needs only one response, as for SFT. */
export interface DemonstrationFormat extends FormatDescription {
  /**
   * Which response is trained, and so which records are left out: `demonstration` the preferred one,
   * `rejected-demonstration` the rejected one, to compare with.
   */
  readonly kind: 'demonstration' | 'rejected-demonstration';
  /** What to do with general chat data, if the exporter has `mix`. Default `mixed`. */
  readonly generalChat?: GeneralChatUse | undefined;
  /** Turns a record into rows, usually one. Every row must have the same keys in the same order. */
  rows(record: Demonstration): readonly object[];
}

/** Every kind of format. */
export const FORMAT_KINDS: readonly [PreferenceFormat['kind'], ...PreferenceFormat['kind'][]] = [
  'pair',
  'demonstration',
  'rejected-demonstration',
];

/** Whether general chat data goes into a format's training file. */
export function takesGeneralChat(format: PreferenceFormat): format is DemonstrationFormat {
  return format.kind !== 'pair' && format.generalChat !== 'none';
}

/** Whether a format writes general chat data and no conversations of the export. */
export function isGeneralOnly(format: PreferenceFormat): boolean {
  return format.kind !== 'pair' && format.generalChat === 'only';
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
