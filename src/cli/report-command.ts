import { readConversations } from '../conversations/conversation-files.ts';
import { InvalidOptionError } from '../errors.ts';
import { readEvaluation } from '../evaluation/evaluation-file.ts';
import { writeReport } from '../report/render-report.ts';
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
  async run({ args: { conversations, title, out }, words }) {
    if (words.length === 0 && conversations === undefined) {
      throw new InvalidOptionError('There is nothing to report on.', {
        hint: 'Name evaluation files, or conversations with --conversations FILE.',
      });
    }
    await checkWritable('out', out);
    await writeReport(
      {
        evaluations: await Promise.all(words.map(readEvaluation)),
        conversations:
          conversations === undefined ? [] : await Array.fromAsync(readConversations(conversations)),
        title,
      },
      out,
    );
    return { text: out, json: { report: out } };
  },
});
