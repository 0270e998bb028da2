import { InvalidOptionError } from '../errors.ts';
import { checkChoice, checkMethod, checkNumber } from '../internal/options.ts';
import type { DropReason } from './drops.ts';
import type { PreferenceFormat } from './preference-format.ts';
import type { PreferenceRecord } from './preference-record.ts';
import type { Split } from './split.ts';

/** What an export reports while it works. */
export type PreferenceEvent =
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
  readonly validation?: number | undefined;
  /** Decides the split and the draw under `maxRecordsPerConversation`; a whole number from 0. Default 0. */
  readonly seed?: number | undefined;
  /** Pairs need a preferred model that was told at least this many traits. 0 keeps all. Default 1. */
  readonly minimumRevealed?: number | undefined;
  /** Whether responses that were cut at the token limit are kept. Default false. */
  readonly keepTruncated?: boolean | undefined;
  /** Most records that one conversation gives to a format; drawn by seed when there are more. Default: all. */
  readonly maxRecordsPerConversation?: number | undefined;
  readonly onEvent?: ((event: PreferenceEvent) => void) | undefined;
}

/** The options with their defaults; no limit is `Infinity`. */
export type CheckedOptions = {
  readonly [Name in keyof PreferenceExporterOptions]-?: Exclude<PreferenceExporterOptions[Name], undefined>;
};

const FORMAT = 'a format: an object with name, kind and rows()';
/** The name becomes part of a file's name on any system. */
const FORMAT_NAME = /^[a-z0-9][a-z0-9._-]*$/i;

/** @throws InvalidOptionError naming the first option that is wrong. */
export function checkOptions(options: PreferenceExporterOptions): CheckedOptions {
  return {
    formats: checkFormats(options.formats),
    validation: checkNumber('validation', options.validation ?? 0.1, { min: 0, max: 1 }),
    seed: checkNumber('seed', options.seed ?? 0, { min: 0, integer: true }),
    minimumRevealed: checkNumber('minimumRevealed', options.minimumRevealed ?? 1, { min: 0, integer: true }),
    keepTruncated: options.keepTruncated ?? false,
    maxRecordsPerConversation:
      options.maxRecordsPerConversation === undefined
        ? Number.POSITIVE_INFINITY
        : checkNumber('maxRecordsPerConversation', options.maxRecordsPerConversation, {
            min: 1,
            integer: true,
          }),
    onEvent: options.onEvent ?? (() => {}),
  };
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
