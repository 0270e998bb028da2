import { InvalidOptionError } from '../errors.ts';
import { checkPath } from '../internal/check-path.ts';
import {
  type CheckedOptions,
  callback,
  checkOptions,
  flag,
  number,
  refuseUnknownOptions,
  type Scalars,
  wholeNumber,
} from '../internal/option-checks.ts';
import { checkChoice, checkMethod, checkNumber } from '../internal/options.ts';
import type { CardOptions } from './card-options.ts';
import { CONTENT_DROPS, type ContentDrop, type DropReason } from './drop-reasons.ts';
import type { MixOptions } from './general-chat.ts';
import { FORMAT_KINDS, isGeneralOnly, type PreferenceFormat } from './preference-format.ts';
import type { PreferenceRecord } from './preference-record.ts';
import type { Split } from './split.ts';

/** Progress of an export. `record-dropped` comes once for each kind of format that leaves the record out. */
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

/** Options of {@link PreferenceExporter}. */
export interface PreferenceExporterOptions {
  /** The formats to write: at least one, each with a different name. */
  readonly formats: readonly PreferenceFormat[];
  /** Expected share of profiles held out for validation, 0 to 1. With 0, no validation files are written. Default 0.1. */
  readonly validationShare?: number | undefined;
  /** Random seed of the split and of all sampling: an integer, 0 or more. Default 0. */
  readonly seed?: number | undefined;
  /** Drops pairs whose preferred model was told fewer statements of the persona than this. 0 keeps all. Default 1. */
  readonly minRevealed?: number | undefined;
  /** Keeps responses that were cut at the token limit. Default false. */
  readonly keepTruncated?: boolean | undefined;
  /** Rules on content to switch off, such as `['near-identical']`. Default: none, so every rule drops what it finds. */
  readonly keep?: readonly ContentDrop[] | undefined;
  /** Texts of your own prompts, to find them in the messages. The library's prompts are known. Default: none. */
  readonly prompts?: readonly string[] | undefined;
  /** Makes extra pairs of the responses that were not chosen, where several were written. Default false. */
  readonly siblings?: boolean | undefined;
  /** Most records of one conversation per kind of format. If there are more, a random sample is taken. Default: all. */
  readonly maxRecordsPerConversation?: number | undefined;
  /** General chat data to mix into demonstration training files, so that the model keeps its other skills. Default: none. */
  readonly mix?: MixOptions | undefined;
  /**
   * Drops pairs at random until length no longer predicts the preferred response. Rows are then written only after the
   * last conversation. Default false.
   */
  readonly balanceLength?: boolean | undefined;
  /** What the dataset card (`README.md`) says besides the counts; `false` writes no card. Default: the counts. */
  readonly card?: CardOptions | false | undefined;
  /** Called with each event of the export. */
  readonly onEvent?: ((event: PreferenceExporterEvent) => void) | undefined;
}

/** The options of {@link PreferenceExporterOptions} that are numbers or flags. */
export const exporterScalars: Scalars<
  Record<'validationShare' | 'minRevealed' | 'maxRecordsPerConversation', number> &
    Record<'keepTruncated' | 'balanceLength' | 'siblings', boolean>
> = {
  validationShare: number({ min: 0, max: 1 }, 0.1, 'Share of profiles held out for validation.'),
  minRevealed: wholeNumber(
    { min: 0 },
    1,
    'Drop pairs whose preferred model was told fewer statements of the persona than this.',
  ),
  keepTruncated: flag(false, 'Keep responses that were cut at the token limit.'),
  maxRecordsPerConversation: wholeNumber(
    { min: 1 },
    Number.POSITIVE_INFINITY,
    'Most records of one conversation per kind of format (default: all).',
  ),
  siblings: flag(
    false,
    'Make extra pairs of the responses that were not chosen, where several were written.',
  ),
  balanceLength: flag(false, 'Drop pairs until length no longer predicts the preferred response.'),
};

/** {@link PreferenceExporterOptions} with defaults applied; `Infinity` for no limit, null for nothing to mix in. */
export type CheckedExporterOptions = CheckedOptions<
  PreferenceExporterOptions,
  { readonly mix: MixOptions | null }
>;

const FORMAT = 'a format (an object with name, kind and rows())';
/** Becomes part of a file name, so it must be valid on any system. */
const FORMAT_NAME = /^[a-z0-9][a-z0-9._-]*$/i;

/** @throws InvalidOptionError naming the first option that is unknown or invalid. */
export function checkExporterOptions(options: PreferenceExporterOptions): CheckedExporterOptions {
  const checked = checkOptions<PreferenceExporterOptions, CheckedExporterOptions>(
    'PreferenceExporter',
    options,
    {
      formats: checkFormats,
      ...exporterScalars,
      seed: wholeNumber({ min: 0 }, 0),
      keep: checkKeep,
      prompts: checkPrompts,
      mix: (given) => (given === undefined ? null : checkMix(given)),
      card: checkCard,
      onEvent: callback(() => {}),
    },
  );
  const generalOnly = checked.formats.find(isGeneralOnly);
  if (generalOnly !== undefined && checked.mix === null) {
    throw new InvalidOptionError(
      'mix',
      `general chat data, since ${generalOnly.name} has no other rows`,
      options.mix,
    );
  }
  return checked;
}

function checkFormats(formats: readonly PreferenceFormat[]): readonly PreferenceFormat[] {
  if (!Array.isArray(formats) || formats.length === 0) {
    throw new InvalidOptionError(
      'formats',
      'an array of at least one format, such as [trlSft(), trlDpo()]',
      formats,
    );
  }
  const names = new Set<string>();
  for (const [index, format] of (formats as readonly PreferenceFormat[]).entries()) {
    checkMethod(`formats[${index}]`, format, 'rows', FORMAT);
    checkChoice(`formats[${index}].kind`, format.kind, FORMAT_KINDS);
    checkChoice(`formats[${index}].fileType`, format.fileType ?? 'jsonl', ['jsonl', 'parquet']);
    if (format.fileType === 'parquet' && format.columns === undefined) {
      throw new InvalidOptionError(
        `formats[${index}].columns`,
        'the column types, which Parquet requires',
        format.columns,
      );
    }
    // Some file systems ignore case.
    const name = String(format.name).toLowerCase();
    if (!FORMAT_NAME.test(name) || names.has(name)) {
      throw new InvalidOptionError(
        `formats[${index}].name`,
        'a unique name of letters, digits, ".", "_" and "-" that starts with a letter or digit',
        format.name,
      );
    }
    names.add(name);
  }
  return [...formats];
}

function checkKeep(keep: readonly ContentDrop[] = []): readonly ContentDrop[] {
  if (!Array.isArray(keep)) throw new InvalidOptionError('keep', "an array such as ['near-identical']", keep);
  for (const [index, reason] of keep.entries()) checkChoice(`keep[${index}]`, reason, CONTENT_DROPS);
  return [...keep];
}

function checkPrompts(prompts: readonly string[] = []): readonly string[] {
  if (!Array.isArray(prompts) || prompts.some((text) => typeof text !== 'string')) {
    throw new InvalidOptionError('prompts', 'an array of texts', prompts);
  }
  return [...prompts];
}

function checkCard(card: CardOptions | false = {}): CardOptions | false {
  if (card === false) return card;
  if (typeof card === 'object' && card !== null) {
    refuseUnknownOptions('card', card, ['title', 'license', 'sources']);
    return card;
  }
  throw new InvalidOptionError('card', 'an object with title, license and sources, or false', card);
}

/** @throws InvalidOptionError unless it has a path, and a ratio above 0. */
export function checkMix(mix: MixOptions, option = 'mix'): MixOptions {
  if (typeof mix !== 'object' || mix === null) {
    throw new InvalidOptionError(option, 'an object with path and ratio', mix);
  }
  refuseUnknownOptions(option, mix, ['path', 'ratio', 'license']);
  checkPath(`${option}.path`, mix.path, 'the path of a JSON Lines file');
  const ratio = checkNumber(`${option}.ratio`, mix.ratio, { min: 0 });
  if (ratio === 0) throw new InvalidOptionError(`${option}.ratio`, 'a number above 0', ratio);
  return { ...mix };
}

/** @throws InvalidOptionError if `trees` is not iterable or `dir` is not a path. */
export function checkDestination(trees: unknown, dir: unknown): void {
  const iterable =
    typeof trees === 'object' &&
    trees !== null &&
    (Symbol.asyncIterator in trees || Symbol.iterator in trees);
  if (!iterable)
    throw new InvalidOptionError('trees', 'an iterable or async iterable of conversation trees', trees);
  checkPath('dir', dir, 'the path of a directory');
}
