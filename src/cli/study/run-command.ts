import type { ConversationTree } from '../../conversations/conversation-tree.ts';
import { resultsTable } from '../../evaluation/describe/results-table.ts';
import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import { missingScores } from '../../evaluation/missing-scores.ts';
import { ALL_PARTS } from '../../pipeline/open-pipeline.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { runPipeline } from '../../pipeline/run-pipeline.ts';
import { EXIT } from '../exit-status.ts';
import { describeConversation, describePool } from '../quickstart-report.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { describeManifest } from './export-command.ts';
import { studyFlags, withStudy } from './study.ts';

const SECTIONS = ['personas', 'conversations', 'export', 'evaluation'] as const;

export const runCommand: Verb = defineVerb({
  args: studyFlags(SECTIONS),
  examples: [
    { words: 'run', what: 'All of it, as aloe.config.yaml says. `aloe init` writes one.' },
    {
      words:
        'run --model openai:gpt-4o-mini --conversations-personas 20 --evaluation-cases 10 --budget-tokens 2000000',
      what: 'The same by flags.',
    },
  ],
  failed: 'Failed, or some conversations or cases did. All files are written all the same.',
  interrupted: 'Run the same command again to resume.',
  run: ({ args, signal, resumeWith }) =>
    withStudy(
      { sections: SECTIONS, parts: ALL_PARTS, args, signal, resumeWith },
      async ({ pipeline, display, estimate, cost }) => {
        await estimate(['personas', 'conversations', 'evaluation']);
        const { config } = pipeline;
        const failed: ConversationTree[] = [];
        const results: { readonly path: string; readonly result: EvaluationResult }[] = [];
        let data = '';
        let report = '';
        display.stage = 'personas';
        for await (const step of runPipeline(pipeline)) {
          switch (step.stage) {
            case 'personas':
              display.say(describePool(step.pool));
              display.stage = 'conversations';
              break;
            case 'conversation':
              if (step.tree.failures.length === 0) break;
              failed.push(step.tree);
              display.say(describeConversation(step.tree, config.conversations?.turns ?? 10));
              break;
            case 'export':
              data = step.path;
              display.say(describeManifest(step.manifest, step.path));
              display.stage = 'evaluation';
              break;
            case 'evaluation':
              results.push(step);
              break;
            case 'report':
              report = step.path;
          }
        }
        const evaluations = results.map(({ result }) => result);
        const missing = evaluations.map(missingScores);
        const isWhole = failed.length === 0 && missing.every(({ responses }) => responses === 0);
        if (!isWhole) {
          display.say(`Some conversations or cases failed, so the exit status is ${EXIT.failed}.`);
        }
        return {
          text: `${resultsTable(evaluations)}\n\nReport (open it in a browser): ${report}${trainingHint(pipeline)}`,
          json: {
            report,
            data,
            conversations: { path: pipeline.files.conversations, failed: failed.map(({ id }) => id) },
            evaluations: results.map(({ path, result }, index) => ({
              path,
              ...result.candidate,
              average: result.average,
              interval: result.statistics.average,
              missing: missing[index],
            })),
            cost: cost(),
          },
          status: isWhole ? EXIT.done : EXIT.failed,
        };
      },
    ),
});

/** The fine-tune takes hours on another machine, so it is a command of its own. */
function trainingHint({ config }: Pipeline): string {
  return config.training === undefined ? '' : '\nTo fine-tune on these files: aloe train submit';
}
