import { resultsTable } from '../../evaluation/describe/results-table.ts';
import { ALL_PARTS } from '../../pipeline/open-pipeline.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { liveArgs } from '../live-page.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { evaluationsInJson, runStudy } from './run-study.ts';
import { studyFlags, withStudy } from './study.ts';

const SECTIONS = ['personas', 'conversations', 'export', 'evaluation'] as const;

export const runCommand: Verb = defineVerb({
  args: { ...studyFlags(SECTIONS), ...liveArgs },
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
    withStudy({ sections: SECTIONS, parts: ALL_PARTS, args, signal, resumeWith }, async (study) => {
      await study.estimate(['personas', 'conversations', 'evaluation']);
      const { data, failed, evaluations, report, status } = await runStudy(study);
      const { pipeline } = study;
      const table = resultsTable(evaluations.map(({ result }) => result)).trimEnd();
      return {
        text: `${table}\n\nReport (open it in a browser): ${report}${trainingHint(pipeline)}`,
        json: {
          report,
          data: data.path,
          conversations: { path: pipeline.files.conversations, failed },
          evaluations: evaluationsInJson(evaluations),
          cost: study.cost(),
        },
        status,
      };
    }),
});

/** The fine-tune takes hours on another machine, so it is a command of its own. */
function trainingHint({ config }: Pipeline): string {
  return config.training === undefined ? '' : '\nTo fine-tune on these files: aloe train submit';
}
