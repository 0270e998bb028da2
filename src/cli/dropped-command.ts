import { InvalidOptionError } from '../errors.ts';
import { oneLine } from '../internal/format.ts';
import { DROP_REASONS, DROP_SENTENCES, type DropReason } from '../preferences/drop-reasons.ts';
import type { ExportedRecord } from '../preferences/preference-file.ts';
import { FORMAT_KINDS, type PreferenceFormat } from '../preferences/preference-format.ts';
import { type DroppedRecords, readDroppedRecords } from '../preferences/read-dropped.ts';
import { readNumber } from './read-number.ts';
import { defineVerb, type Verb } from './verb.ts';

export const droppedCommand: Verb = defineVerb({
  args: {
    dir: { type: 'positional', description: 'Directory of an export, or its preferences.jsonl.' },
    reason: {
      type: 'string',
      valueHint: 'LIST',
      description: `Reasons to show (default: all): ${DROP_REASONS.join(', ')}.`,
    },
    kind: {
      type: 'string',
      default: 'pair',
      description: `What the records were left out as: ${FORMAT_KINDS.join(', ')}.`,
    },
    rows: { type: 'string', valueHint: 'N', default: '3', description: 'Records to show of each reason.' },
  },
  examples: [
    { words: 'data dropped runs/aloe/data', what: 'Three pairs of every reason, to see what a rule finds.' },
    {
      words: 'data dropped data --reason near-identical,refusal --rows 10',
      what: 'Ten pairs of each of two reasons.',
    },
  ],
  failed: 'Failed.',
  interrupted: 'Interrupted. Nothing was changed.',
  async run({ args }) {
    const reasons = args.reason?.split(',').map((reason) => reason.trim() as DropReason);
    const wrong = reasons?.find((reason) => !DROP_REASONS.includes(reason));
    if (wrong !== undefined)
      throw new InvalidOptionError('reason', `one of ${DROP_REASONS.join(', ')}`, wrong);
    const kind = args.kind as PreferenceFormat['kind'];
    const rows = readNumber('rows', args.rows ?? '', { min: 0, whole: true });
    const dropped = await readDroppedRecords(args.dir ?? '', { kind, reasons, rows });
    return {
      text:
        dropped.length === 0
          ? 'Nothing was left out.'
          : dropped.map((each) => describe(each, kind)).join('\n\n'),
      json: { kind, dropped },
    };
  },
});

function describe({ reason, count, records }: DroppedRecords, kind: PreferenceFormat['kind']): string {
  return [
    `${reason}: ${count}. ${DROP_SENTENCES[reason]}`,
    ...records.map((each) => describeRecord(each, kind)),
  ].join('\n\n');
}

function describeRecord(record: ExportedRecord, kind: PreferenceFormat['kind']): string {
  const { conversationId, turn, conversation, preferred, rejected, evidence } = record;
  return [
    `  ${oneLine(conversationId)}, turn ${turn}${evidence === undefined ? '' : ` (${oneLine(evidence)})`}`,
    `  user:      ${oneLine(conversation.at(-1)!.content)}`,
    ...(kind === 'rejected-demonstration' ? [] : [`  preferred: ${oneLine(preferred)}`]),
    ...(kind === 'demonstration' ? [] : [`  rejected:  ${oneLine(rejected)}`]),
  ].join('\n');
}
