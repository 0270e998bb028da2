import { InvalidOptionError } from '../errors.ts';
import {
  type CheckedOptions,
  callback,
  checkOptions,
  flag,
  number,
  refuseUnknownOptions,
  wholeNumber,
} from '../internal/option-checks.ts';
import { checkChoice, checkMethod, checkNumber } from '../internal/options.ts';
import type { CardOptions } from './card-options.ts';
import type { DropReason } from './drops.ts';
import type { MixOptions } from './general-chat.ts';
import type { PreferenceFormat } from './preference-format.ts';
import type { PreferenceRecord } from './preference-record.ts';
import type { Split } from './split.ts';

/** What an export reports while it works. */
export type PreferenceExporterEvent =
  | {
      readonly type: 'conversation-end';
      readonly conversationId: string;
      readonly split: Split;
      readonly decisionPoints: number;
    }
  | {
      readonly type: 'record-dropped';
      readonly kind: PreferenceFormat['kind'];
      readonly reason: DropReason;
      readonly record: PreferenceRecord;
    };

export interface PreferenceExporterOptions {
  /** The training files to write, at least one; their names differ. */
  readonly formats: readonly PreferenceFormat[];
  /** Expected share of profiles that go to validation, 0 to 1. With 0 there are no validation files. Default 0.1. */
  readonly validationShare?: number | undefined;
  /** Decides the split and the draw under `maxRecordsPerConversation`; a whole number from 0. Default 0. */
  readonly seed?: number | undefined;
  /** Pairs need a preferred model that was told at least this many traits. 0 keeps all. Default 1. */
  readonly minRevealed?: number | undefined;
  /** Whether responses that were cut at the token limit are kept. Default false. */
  readonly keepTruncated?: boolean | undefined;
  /** Most records that one conversation gives to a format; drawn by seed when there are more. Default: all. */
  readonly maxRecordsPerConversation?: number | undefined;
  /** General chat data for the training files of demonstrations, so that a model keeps its other skills. Default: none. */
  readonly mix?: MixOptions | undefined;
  /**
   * Whether pairs are dropped, by seed, until length says nothing about which response is preferred. Rows are then
   * written when the last conversation has come. Default false.
   */
  readonly balanceLength?: boolean | undefined;
  /** What the dataset card, `README.md`, says beyond the counts; false writes none. Default: the counts. */
  readonly card?: CardOptions | false | undefined;
  readonly onEvent?: ((event: PreferenceExporterEvent) => void) | undefined;
}

/** The options with their defaults; no limit is `Infinity`, nothing to mix in is null. */
export type CheckedExporterOptions = CheckedOptions<
  PreferenceExporterOptions,
  { readonly mix: MixOptions | null }
>;

const FORMAT = 'a format: an object with name, kind and rows()';
/** The name becomes part of a file's name on any system. */
const FORMAT_NAME = /^[a-z0-9][a-z0-9._-]*$/i;

/** @throws InvalidOptionError naming the first option that is unknown or wrong. */
export function checkExporterOptions(options: PreferenceExporterOptions): CheckedExporterOptions {
  return checkOptions<PreferenceExporterOptions, CheckedExporterOptions>('PreferenceExporter', options, {
    formats: checkFormats,
    validationShare: number({ min: 0, max: 1 }, 0.1),
    seed: wholeNumber({ min: 0 }, 0),
    minRevealed: wholeNumber({ min: 0 }, 1),
    keepTruncated: flag(false),
    maxRecordsPerConversation: wholeNumber({ min: 1 }, Number.POSITIVE_INFINITY),
    mix: (given) => (given === undefined ? null : checkMix(given)),
    balanceLength: flag(false),
    card: checkCard,
    onEvent: callback(() => {}),
  });
}

function checkFormats(formats: readonly PreferenceFormat[]): readonly PreferenceFormat[] {
  if (!Array.isArray(formats) || formats.length === 0) {
    throw new InvalidOptionError(
      'formats',
      'an array of at least one format, as [trlSft(), trlDpo()]',
      formats,
    );
  }
  const names = new Set<string>();
  for (const [index, format] of (formats as readonly PreferenceFormat[]).entries()) {
    checkMethod(`formats[${index}]`, format, 'rows', FORMAT);
    checkChoice(`formats[${index}].kind`, format.kind, ['pair', 'demonstration']);
    checkChoice(`formats[${index}].fileType`, format.fileType ?? 'jsonl', ['jsonl', 'parquet']);
    if (format.fileType === 'parquet' && format.columns === undefined) {
      throw new InvalidOptionError(`formats[${index}].columns`, 'types for Parquet', format.columns);
    }
    // Two names that differ in case only are one file on some systems.
    const name = String(format.name).toLowerCase();
    if (!FORMAT_NAME.test(name) || names.has(name)) {
      throw new InvalidOptionError(
        `formats[${index}].name`,
        'a name of letters, digits, ".", "_" and "-" that no other format has',
        format.name,
      );
    }
    names.add(name);
  }
  return [...formats];
}

function checkCard(card: CardOptions | false = {}): CardOptions | false {
  if (card === false) return card;
  if (typeof card === 'object' && card !== null) {
    refuseUnknownOptions('card', card, ['title', 'license', 'sources']);
    return card;
  }
  throw new InvalidOptionError('card', 'what the dataset card says, as { title, license }, or false', card);
}

function checkMix(mix: MixOptions): MixOptions {
  if (typeof mix !== 'object' || mix === null) {
    throw new InvalidOptionError('mix', 'an object with path and ratio', mix);
  }
  refuseUnknownOptions('mix', mix, ['path', 'ratio', 'license']);
  if (typeof mix.path !== 'string' || mix.path === '') {
    throw new InvalidOptionError('mix.path', 'the path of a JSON Lines file', mix.path);
  }
  const ratio = checkNumber('mix.ratio', mix.ratio, { min: 0 });
  if (ratio === 0) throw new InvalidOptionError('mix.ratio', 'a number above 0', ratio);
  return { ...mix };
}

/** @throws InvalidOptionError when the conversations or the directory are not what they should be. */
export function checkDestination(trees: unknown, dir: unknown): void {
  const iterable =
    typeof trees === 'object' &&
    trees !== null &&
    (Symbol.asyncIterator in trees || Symbol.iterator in trees);
  if (!iterable)
    throw new InvalidOptionError('trees', 'an iterable or async iterable of conversation trees', trees);
  if (typeof dir !== 'string' || dir === '')
    throw new InvalidOptionError('dir', 'the path of a directory', dir);
}
