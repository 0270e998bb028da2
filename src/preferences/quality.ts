import { counted } from '../internal/format.ts';
import { markdownTable } from '../internal/markdown.ts';
import type { VerificationSummary } from '../verification/verdict-tally.ts';
import { DROP_REASONS, DROP_SENTENCES, type DropReason } from './drop-reasons.ts';
import { FORMAT_KINDS, type PreferenceFormat } from './preference-format.ts';

/** How many records one kind of format left out for one reason. */
export interface ReasonCount {
  readonly reason: DropReason;
  /** At least 1. */
  readonly count: number;
  /** `count` divided by all records of the kind, 0 to 1. */
  readonly share: number;
}

/** What became of the records of one kind of format. `kept` and all counts in `dropped` add up to `records`. */
export interface KindQuality {
  readonly kind: PreferenceFormat['kind'];
  /** Decision points and extra pairs. */
  readonly records: number;
  readonly kept: number;
  /** `kept` divided by `records`, 0 to 1. */
  readonly keptShare: number;
  /** The most frequent reason first. */
  readonly dropped: readonly ReasonCount[];
}

/** What became of the decision points of an export. */
export interface DataQuality {
  /** One for each kind of format that was written and had a record. */
  readonly kinds: readonly KindQuality[];
  /** What a judge said of the pairs, before any were left out. Absent if none was asked. */
  readonly verdicts?: VerificationSummary | undefined;
}

interface CountedFormat {
  readonly kind: PreferenceFormat['kind'];
  readonly records: number;
  readonly drops: Readonly<Partial<Record<DropReason, number>>>;
}

/** Adds up what formats kept and dropped. All formats of one kind have the same counts, but for those of general chat data alone. */
export function qualityOf(formats: readonly CountedFormat[]): readonly KindQuality[] {
  return FORMAT_KINDS.flatMap((kind) => {
    const all = formats.filter((format) => format.kind === kind).map((format) => qualityOfKind(kind, format));
    return all.find(({ records }) => records > 0) ?? [];
  });
}

function qualityOfKind(kind: PreferenceFormat['kind'], { records: kept, drops }: CountedFormat): KindQuality {
  const counts = DROP_REASONS.map((reason) => ({ reason, count: drops[reason] ?? 0 }));
  const records = counts.reduce((sum, { count }) => sum + count, kept);
  const dropped = counts
    .filter(({ count }) => count > 0)
    .map(({ reason, count }) => ({ reason, count, share: count / records }))
    .sort((one, other) => other.count - one.count);
  return { kind, records, kept, keptShare: kept / records, dropped };
}

/** Names of the kinds for people. */
export const KIND_NAMES: Readonly<Record<PreferenceFormat['kind'], string>> = {
  pair: 'pairs',
  demonstration: 'demonstrations',
  'rejected-demonstration': 'demonstrations of rejected responses',
};

/** Rows of a table of what became of the records: a name, what it means, and a count for each kind. */
export interface QualityRow {
  readonly name: string;
  readonly meaning: string;
  /** In the order of `kinds`: `12 (3.4 %)`. */
  readonly counts: readonly string[];
}

/** The table of what became of the records. Reasons come in the order in which they are looked for. */
export function qualityRows({ kinds }: DataQuality): readonly QualityRow[] {
  const countsOf = (count: (kind: KindQuality) => number) =>
    kinds.map((kind) =>
      count(kind) === 0 ? '–' : `${count(kind)} (${percent(count(kind) / kind.records)})`,
    );
  const found = DROP_REASONS.filter((reason) => kinds.some((kind) => countOf(kind, reason) > 0));
  return [
    { name: 'decision points', meaning: '', counts: kinds.map(({ records }) => String(records)) },
    ...found.map((reason) => ({
      name: reason,
      meaning: DROP_SENTENCES[reason],
      counts: countsOf((kind) => countOf(kind, reason)),
    })),
    { name: 'kept', meaning: '', counts: countsOf(({ kept }) => kept) },
  ];
}

/**
 * What became of the decision points of an export, as a Markdown table. Empty if there was none.
 *
 * @example
 * ```ts
 * const { quality } = await exporter.write(trees, 'data/');
 * if (quality) console.log(describeQuality(quality));
 * ```
 */
export function describeQuality(quality: DataQuality): string {
  if (quality.kinds.length === 0) return '';
  const rows = qualityRows(quality).map(({ name, meaning, counts }) => [name, meaning, ...counts]);
  return markdownTable(['fate', 'meaning', ...quality.kinds.map(({ kind }) => KIND_NAMES[kind])], rows, 2);
}

/** These are what options asked for. */
const ASKED_FOR: readonly DropReason[] = ['sibling', 'over-limit', 'length-balance'];
const LARGE_SHARE = 0.1;

/** A sentence for each reason that took more than a tenth of the pairs, or else of the demonstrations. */
export function describeLargeDrops({ kinds }: DataQuality): string[] {
  const told = new Set<DropReason>(ASKED_FOR);
  return kinds.flatMap(({ kind, records, dropped }) =>
    dropped
      .filter(({ reason, share }) => share > LARGE_SHARE && !told.has(reason))
      .map(({ reason, count, share }) => {
        told.add(reason);
        const all = counted(records, 'decision point');
        return `${count} of ${all} (${percent(share)}) gave no ${KIND_NAMES[kind]}: ${reason}. ${DROP_SENTENCES[reason]}`;
      }),
  );
}

function countOf({ dropped }: KindQuality, reason: DropReason): number {
  return dropped.find((each) => each.reason === reason)?.count ?? 0;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
