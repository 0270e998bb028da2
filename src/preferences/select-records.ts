import type { ConversationTree } from '../conversations/conversation-tree.ts';
import type { VerificationSummary } from '../verification/verdict-tally.ts';
import { type ContentRule, createContentRules, evidenceOf } from './content-rules.ts';
import type { CheckedExporterOptions } from './exporter-options.ts';
import type { PreferenceManifest } from './manifest.ts';
import type { PointRecord } from './point-record.ts';
import type { ExportedRecord } from './preference-file.ts';
import { FORMAT_KINDS } from './preference-format.ts';
import { pointRecords } from './records.ts';
import { createSelection } from './selection.ts';
import { splitOf } from './split.ts';
import { SourceTally } from './tally.ts';

/** Decides for every decision point whether it is kept, and counts the conversations. */
export interface RecordSelector {
  select(trees: AsyncIterable<ConversationTree>): AsyncGenerator<ExportedRecord>;
  result(): Pick<PreferenceManifest, 'source' | 'splits'>;
  /** What judges said of the pairs. Null if none was asked. */
  verdicts(): VerificationSummary | null;
}

export function createRecordSelector(exporterOptions: CheckedExporterOptions): RecordSelector {
  const { formats, onEvent, seed, siblings, validationShare } = exporterOptions;
  const rules = createContentRules(exporterOptions);
  const options = { ...exporterOptions, rules };
  const source = new SourceTally();
  const selections = {
    pair: createSelection('pair', options),
    demonstration: createSelection('demonstration', options),
    ...(formats.some(({ kind }) => kind === 'rejected-demonstration') && {
      'rejected-demonstration': createSelection('rejected-demonstration', options),
    }),
  };
  return {
    async *select(trees) {
      for await (const tree of trees) {
        const split = splitOf(tree.persona.profile.id, validationShare, seed);
        const records = [...pointRecords(tree, { siblings })];
        const pair = selections.pair(tree.id, records);
        const demonstration = selections.demonstration(tree.id, records);
        const rejected = selections['rejected-demonstration']?.(tree.id, records);
        for (const [index, pointRecord] of records.entries()) {
          const dropped: ExportedRecord['dropped'] = {
            pair: pair[index]!,
            demonstration: demonstration[index]!,
            ...(rejected && { 'rejected-demonstration': rejected[index]! }),
          };
          const evidence = findEvidence(pointRecord, dropped, rules);
          yield { ...pointRecord.record, split, dropped, ...(evidence !== null && { evidence }) };
        }
        const { length } = records.filter(({ record }) => record.provenance.sibling === undefined);
        source.add(tree, split, { decisionPoints: length, siblings: records.length - length });
        onEvent({ type: 'conversation-end', conversationId: tree.id, split, decisionPoints: length });
      }
    },
    result: () => source.result(),
    verdicts: () => source.verdicts(),
  };
}

/** What gave away the content fault of a dropped record, in the first kind of format that dropped it. */
function findEvidence(
  pointRecord: PointRecord,
  dropped: ExportedRecord['dropped'],
  rules: readonly ContentRule[],
): string | null {
  for (const kind of FORMAT_KINDS) {
    const reason = dropped[kind] ?? null;
    const evidence = reason === null ? null : evidenceOf(reason, kind, pointRecord, rules);
    if (evidence !== null) return evidence;
  }
  return null;
}
