import { counted } from '../internal/format.ts';
import { VERSION } from '../internal/version.ts';
import type { VerificationSummary } from '../verification/verdict-tally.ts';
import type { CheckedExporterOptions } from './exporter-options.ts';
import type { MixSummary } from './general-chat.ts';
import { describeLengthBias } from './length-bias.ts';
import type { FormatSummary, PreferenceManifest } from './manifest.ts';
import { isGeneralOnly, type PreferenceFormat, takesGeneralChat } from './preference-format.ts';
import { describeLargeDrops, qualityOf } from './quality.ts';
import { describeStyleGap } from './style-gap.ts';

/** A manifest without `companions`, which are written after it is known. */
export type ExportDescription = Omit<PreferenceManifest, 'companions'>;

/** Builds the manifest's description of an export, with warnings for whoever trains on it. */
export function describeExport(
  options: CheckedExporterOptions,
  content: Pick<PreferenceManifest, 'source' | 'splits' | 'mix' | 'formats' | 'files'> & {
    readonly verdicts: VerificationSummary | null;
  },
): ExportDescription {
  const { validationShare, seed, minRevealed, keepTruncated, balanceLength } = options;
  const { keep, maxRecordsPerConversation, siblings } = options;
  const { source, splits, mix, formats, verdicts, files } = content;
  const quality = { kinds: qualityOf(formats), ...(verdicts !== null && { verdicts }) };
  // General chat data is never held out.
  const generalOnly = new Set(options.formats.filter(isGeneralOnly).map(({ name }) => name));
  return {
    schema: 'aloe-manifest/2',
    version: VERSION,
    options: {
      validationShare,
      seed,
      minRevealed,
      keepTruncated,
      maxRecordsPerConversation: Number.isFinite(maxRecordsPerConversation)
        ? maxRecordsPerConversation
        : null,
      balanceLength,
      ...(keep.length > 0 && { keep }),
      ...(siblings && { siblings }),
    },
    source,
    splits,
    splitBy: 'profile',
    mix,
    formats,
    quality,
    files,
    warnings: [
      ...sourceWarnings(source),
      ...describeLargeDrops(quality),
      ...formats.flatMap((format) =>
        formatWarnings(format, generalOnly.has(format.name) ? 0 : validationShare),
      ),
      ...mixWarnings(content.mix, options.formats),
    ],
  };
}

/** Conversations that are named in a warning. The manifest has them all. */
const MAX_NAMED = 5;

function sourceWarnings({ conversations, failed = [] }: PreferenceManifest['source']): string[] {
  if (failed.length === 0) return [];
  const named = failed.slice(0, MAX_NAMED).join(', ');
  const more = failed.length > MAX_NAMED ? `, and ${failed.length - MAX_NAMED} more` : '';
  return [
    `${failed.length} of ${counted(conversations, 'conversation')} broke off (${named}${more}). Only the turns before that can be used.`,
  ];
}

function formatWarnings(
  { name, rows, lengthBias, styleGap }: FormatSummary,
  validationShare: number,
): string[] {
  const warnings: string[] = [];
  if (rows.train === 0) warnings.push(`${name} has no training rows.`);
  if (rows.validation === 0 && validationShare > 0) {
    warnings.push(
      `${name} has no validation rows: with few profiles, a share of ${validationShare} can leave that side empty.`,
    );
  }
  const bias = lengthBias === null ? null : describeLengthBias(lengthBias);
  if (bias !== null) warnings.push(`${name}: ${bias} Set balanceLength to remove this bias.`);
  if (styleGap) warnings.push(...describeStyleGap(styleGap).map((sentence) => `${name}: ${sentence}`));
  return warnings;
}

function mixWarnings(mix: MixSummary | null, formats: readonly PreferenceFormat[]): string[] {
  if (mix === null) return [];
  const warnings: string[] = [];
  if (!formats.some(takesGeneralChat)) {
    warnings.push(`${mix.file} was not mixed in: no format takes general chat data.`);
  }
  if (mix.missing > 0) {
    warnings.push(`${mix.file} has too few conversations for the ratio: ${mix.missing} rows are missing.`);
  }
  return warnings;
}
