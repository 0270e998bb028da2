import { existsSync } from 'node:fs';
import { builderScalars } from '../../conversations/builder-options.ts';
import type { ConversationTree } from '../../conversations/conversation-tree.ts';
import { InvalidOptionError } from '../../errors.ts';
import { counted } from '../../internal/format.ts';
import { filesDir } from '../../pipeline/files-dir.ts';
import { pickPersonas, readPool } from '../../pipeline/grow-personas.ts';
import { pipelineFiles } from '../../pipeline/pipeline-files.ts';
import { simulate } from '../../pipeline/simulate.ts';
import { describeFewer } from '../describe-stages.ts';
import { EXIT } from '../exit-status.ts';
import { liveArgs } from '../live-page.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { configFlags } from './config-flags.ts';
import { sayFailed } from './say-failed.ts';
import { readStudyConfig, studyFlags } from './study.ts';
import { withConfig } from './with-config.ts';

const SECTIONS = ['conversations'] as const;

export const simulateCommand: Verb = defineVerb({
  args: { ...studyFlags(SECTIONS), ...liveArgs },
  examples: [
    {
      words: 'simulate --personas 100 --turns 6',
      what: 'Conversations with 100 personas of the pool that `aloe personas` grew, into runs/aloe/conversations.jsonl.',
    },
  ],
  failed: 'Failed, or some conversations did. The file is written all the same.',
  interrupted: 'Run the same command again to resume.',
  async run({ args, signal, resumeWith }) {
    const { config } = await readStudyConfig(configFlags(SECTIONS), args);
    const files = pipelineFiles(filesDir(config));
    if (config.personas?.pool === undefined && !existsSync(files.personas)) {
      throw new InvalidOptionError(`${files.dir} has no personas yet.`, {
        hint: 'Run `aloe personas` first, or name a pool in the config: personas: { pool: FILE }.',
      });
    }
    return withConfig(
      config,
      {
        parts: ['user', 'inducer', 'preferred', 'rejected', 'pairJudge'],
        args,
        signal,
        resumeWith,
      },
      async ({ pipeline, display, estimate, cost }) => {
        const personas = pickPersonas(pipeline, await readPool(pipeline));
        const fewer = describeFewer(personas, config);
        if (fewer !== '') display.say(fewer);
        await estimate(['conversations']);
        display.stage = 'conversations';
        const turns = builderScalars.turns(pipeline.config.conversations?.turns, 'conversations.turns');
        const failed: ConversationTree[] = [];
        const sayWhy = sayFailed(display.say, turns, pipeline.files.conversations);
        for await (const tree of simulate(pipeline, personas)) {
          if (tree.failures.length === 0) continue;
          failed.push(tree);
          sayWhy(tree);
        }
        const path = pipeline.files.conversations;
        const broken = failed.length === 0 ? '' : ` ${failed.length} of them ended early.`;
        return {
          text: `${counted(personas.length, 'conversation')}: ${path}.${broken}`,
          json: {
            conversations: path,
            count: personas.length,
            failed: failed.map(({ id, failures }) => ({ id, failures })),
            cost: cost(),
          },
          status: failed.length === 0 ? EXIT.done : EXIT.failed,
        };
      },
    );
  },
});
