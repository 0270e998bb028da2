import { describeEstimate } from '../../estimate/describe-estimate.ts';
import { estimatePipeline } from '../../pipeline/estimate-pipeline.ts';
import { ALL_PARTS } from '../../pipeline/open-pipeline.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { studyFlags, withStudy } from './study.ts';

const SECTIONS = ['personas', 'conversations', 'evaluation'] as const;

export const estimateCommand: Verb = defineVerb({
  args: studyFlags(SECTIONS),
  examples: [
    { words: 'estimate', what: 'Calls, tokens and, with prices in the config, dollars of `aloe run`.' },
    {
      words: 'estimate --conversations-personas 100 --evaluation-cases 50',
      what: 'What another size would cost.',
    },
  ],
  failed: 'Failed.',
  interrupted: 'Interrupted. No model was called.',
  run: ({ args, signal, resumeWith }) =>
    withStudy(
      { sections: SECTIONS, parts: ALL_PARTS, readOnly: true, args, signal, resumeWith },
      async ({ pipeline }) => {
        const estimate = await estimatePipeline(pipeline);
        return { text: describeEstimate(estimate), json: { estimate } };
      },
    ),
});
