import { existsSync } from 'node:fs';
import { readConversations, teeConversations } from '../../conversations/conversation-files.ts';
import { type ConversationTree, decisionPoints } from '../../conversations/conversation-tree.ts';
import { InvalidOptionError } from '../../errors.ts';
import { seededRandom } from '../../internal/random.ts';
import { filesDir } from '../../pipeline/files-dir.ts';
import { pipelineFiles } from '../../pipeline/pipeline-files.ts';
import { verifyOptions } from '../../pipeline/simulate.ts';
import { describeVerification } from '../../verification/describe-verification.ts';
import { VerdictTally } from '../../verification/verdict-tally.ts';
import { verifyPairs } from '../../verification/verify-pairs.ts';
import { checkWritable } from '../check-writable.ts';
import { EXIT } from '../exit-status.ts';
import { liveArgs } from '../live-page.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { configFlags } from './config-flags.ts';
import { readStudyConfig, studyFlags } from './study.ts';
import { withConfig } from './with-config.ts';

export const verifyCommand: Verb = defineVerb({
  args: {
    ...studyFlags([]),
    conversations: {
      type: 'string',
      valueHint: 'FILE',
      description: 'Conversations to verify (default: those of the run).',
    },
    out: {
      type: 'string',
      valueHint: 'FILE',
      description:
        'File of the verified conversations (default: those of the run get their verdicts in place).',
    },
    ...liveArgs,
  },
  examples: [
    {
      words: 'verify --judge-model openai:gpt-4o',
      what: 'Verdicts on the pairs that `aloe simulate` made. `aloe export` then drops those that are the wrong way round or undecided.',
    },
    {
      words: 'verify --conversations mine.jsonl --out verified.jsonl --judge-model openai:gpt-4o',
      what: 'The same with a file of your own.',
    },
  ],
  failed: 'Failed, or some pairs got no usable verdict. The file is written all the same.',
  interrupted: 'Run the same command again to resume.',
  async run({ args, signal, resumeWith }) {
    if (args.conversations !== undefined && args.out === undefined) {
      throw new InvalidOptionError('--conversations has no --out beside it.', {
        hint: 'Name the file of the verified conversations with --out FILE.',
      });
    }
    const { config: given } = await readStudyConfig(configFlags([]), args);
    const config = { ...given, conversations: { ...given.conversations, verify: true } };
    const files = pipelineFiles(filesDir(config));
    const path = args.conversations ?? files.conversations;
    if (args.conversations === undefined && !existsSync(path)) {
      throw new InvalidOptionError(`${files.dir} has no conversations yet.`, {
        hint: 'Run `aloe simulate` first, or name a file with --conversations FILE.',
      });
    }
    const out = args.out ?? path;
    await checkWritable(args.out === undefined ? 'run' : 'out', out);
    const { count, ...planned } = await surveyConversations(path);
    const options = { parts: ['pairJudge'], total: count, args, signal, resumeWith } as const;
    return withConfig(config, options, async ({ pipeline, display, estimate, cost }) => {
      await estimate([], planned);
      display.stage = 'verification';
      const tally = new VerdictTally();
      const verified = verifyPairs(readConversations(path), verifyOptions(pipeline));
      for await (const tree of teeConversations(verified, out)) {
        for (const { node } of decisionPoints(tree)) if (node.verdict) tally.add(node.verdict);
      }
      const summary = tally.result();
      return {
        text: `${describeVerification(summary)}\nVerified conversations: ${out}`,
        json: { conversations: out, verification: summary, cost: cost() },
        status: summary.failed === 0 ? EXIT.done : EXIT.failed,
      };
    });
  },
});

/** As many conversations are enough to estimate what a file costs. */
const SAMPLE = 200;

/** Counts the conversations and pairs of a file, which may not fit into memory, and draws some conversations. */
async function surveyConversations(
  path: string,
): Promise<{ readonly conversations: ConversationTree[]; readonly pairs: number; readonly count: number }> {
  const random = seededRandom(0);
  const conversations: ConversationTree[] = [];
  let pairs = 0;
  let count = 0;
  for await (const tree of readConversations(path)) {
    count += 1;
    pairs += [...decisionPoints(tree)].length;
    // Each conversation so far is among the drawn ones with the same chance.
    const place = conversations.length < SAMPLE ? conversations.length : Math.floor(random() * count);
    if (place < SAMPLE) conversations[place] = tree;
  }
  return { conversations, pairs, count };
}
