import { type ConversationTree, decisionPoints } from '../conversations/conversation-tree.ts';
import type { CheckedExporterOptions } from './exporter-options.ts';
import type { PreferenceManifest } from './manifest.ts';
import type { ExportedRecord } from './preference-file.ts';
import { preferenceRecord } from './records.ts';
import { createSelection } from './selection.ts';
import { splitOf } from './split.ts';
import { SourceTally } from './tally.ts';

/** Decides for every decision point whether it is kept, and counts the conversations. */
export interface RecordSelector {
  select(trees: AsyncIterable<ConversationTree>): AsyncGenerator<ExportedRecord>;
  result(): Pick<PreferenceManifest, 'source' | 'splits'>;
}

export function createRecordSelector(options: CheckedExporterOptions): RecordSelector {
  const { formats, onEvent, seed, validationShare } = options;
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
        const records = Array.from(decisionPoints(tree), (point) => ({
          point,
          record: preferenceRecord(tree, point),
        }));
        const pair = selections.pair(tree.id, records);
        const demonstration = selections.demonstration(tree.id, records);
        const rejected = selections['rejected-demonstration']?.(tree.id, records);
        for (const [index, { record }] of records.entries()) {
          yield {
            ...record,
            split,
            dropped: {
              pair: pair[index]!,
              demonstration: demonstration[index]!,
              ...(rejected && { 'rejected-demonstration': rejected[index]! }),
            },
          };
        }
        source.add(tree, split, records.length);
        onEvent({
          type: 'conversation-end',
          conversationId: tree.id,
          split,
          decisionPoints: records.length,
        });
      }
    },
    result: () => source.result(),
  };
}
