import { type CommandDef, defineCommand, type PositionalArgDef, type StringArgDef } from 'citty';
import { readConversations } from '../conversations/conversation-files.ts';
import { readEvaluation } from '../evaluation/evaluation-file.ts';
import { writeReport } from '../report/render-report.ts';
import { checkArguments } from './check-arguments.ts';
import { guarded } from './guarded.ts';
import { print } from './terminal.ts';

const reportArgs: {
  readonly evaluation: PositionalArgDef & { readonly required: false };
  readonly out: StringArgDef & { readonly default: string };
} & Record<'conversations' | 'title', StringArgDef> = {
  evaluation: {
    type: 'positional',
    required: false,
    description: 'Evaluation files, in the order to show them.',
  },
  conversations: {
    type: 'string',
    description: 'Conversations to include: a file from saveConversations().',
  },
  title: { type: 'string', description: 'Title of the report.' },
  out: { type: 'string', default: 'report.html', description: 'Output file.' },
};

export const reportCommand: CommandDef<typeof reportArgs> = defineCommand({
  meta: { name: 'report', description: 'Write evaluations and conversations as one HTML page.' },
  args: reportArgs,
  run: ({ args }) =>
    guarded(async () => {
      checkArguments({ ...args, _: [] }, reportArgs);
      const { conversations, title, out } = args;
      await writeReport(
        {
          evaluations: await Promise.all(args._.map(readEvaluation)),
          conversations:
            conversations === undefined ? [] : await Array.fromAsync(readConversations(conversations)),
          title,
        },
        out,
      );
      print(out);
    }, 'Interrupted. No report was written.'),
});
