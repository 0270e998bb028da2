import { join } from 'node:path';
import { readAbilities } from '../abilities/abilities-result.ts';
import { readConversations } from '../conversations/conversation-files.ts';
import { InvalidOptionError } from '../errors.ts';
import { readEvaluation } from '../evaluation/evaluation-file.ts';
import { readJsonFile } from '../internal/json-file.ts';
import { preferenceManifestSchema } from '../preferences/manifest.ts';
import { readDroppedRecords } from '../preferences/read-dropped.ts';
import { writeReport } from '../report/render-report.ts';
import type { ReportedData } from '../report/report-options.ts';
import { checkWritable } from './check-writable.ts';
import { defineVerb, type Verb } from './verb.ts';

export const reportCommand: Verb = defineVerb({
  args: {
    evaluation: {
      type: 'positional',
      required: false,
      description: 'Evaluation files, in the order to show them.',
    },
    conversations: {
      type: 'string',
      valueHint: 'FILE',
      description: 'Conversations to include: a file from saveConversations().',
    },
    data: {
      type: 'string',
      valueHint: 'DIR',
      description: 'Training data to include: a directory that an export wrote.',
    },
    abilities: {
      type: 'string',
      valueHint: 'FILES',
      description: 'Results of aloe abilities measure, separated by commas, the model to compare with first.',
    },
    title: { type: 'string', description: 'Title of the report.' },
    out: { type: 'string', default: 'report.html', valueHint: 'FILE', description: 'Output file.' },
  },
  many: true,
  examples: [
    { words: 'report bare.json tuned.json', what: 'One page on two candidates, in report.html.' },
    {
      words: 'report tuned.json --conversations conversations.jsonl --out tuned.html',
      what: 'With the conversations of the training data.',
    },
  ],
  failed: 'Failed.',
  interrupted: 'Interrupted. No report was written.',
  async run({ args: { conversations, data, abilities, title, out }, words }) {
    if (words.length === 0 && [conversations, data, abilities].every((given) => given === undefined)) {
      throw new InvalidOptionError('There is nothing to report on.', {
        hint: 'Name evaluation files, conversations with --conversations FILE, training data with --data DIR, or results with --abilities FILES.',
      });
    }
    await checkWritable('out', out);
    await writeReport(
      {
        evaluations: await Promise.all(words.map(readEvaluation)),
        conversations:
          conversations === undefined ? [] : await Array.fromAsync(readConversations(conversations)),
        data: data === undefined ? undefined : await readData(data),
        abilities: await Promise.all((abilities?.split(',') ?? []).map((path) => readAbilities(path.trim()))),
        title,
      },
      out,
    );
    return { text: out, json: { report: out } };
  },
});

/** Records of each reason that a report shows. */
const SHOWN_DROPS = 3;

async function readData(dir: string): Promise<ReportedData> {
  return {
    manifest: await readJsonFile(join(dir, 'manifest.json'), preferenceManifestSchema, {
      what: 'the manifest of an export',
      hint: 'Name a directory that PreferenceExporter or aloe export wrote.',
    }),
    dropped: await readDroppedRecords(dir, { rows: SHOWN_DROPS }),
  };
}
