import { growPersonas } from '../../pipeline/grow-personas.ts';
import { describePool } from '../describe-stages.ts';
import { liveArgs } from '../live-page.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { studyFlags, withStudy } from './study.ts';

const SECTIONS = ['personas'] as const;

export const personasCommand: Verb = defineVerb({
  args: { ...studyFlags(SECTIONS), ...liveArgs },
  examples: [
    {
      words: 'personas --profiles 60 --personalities 30 --model openai:gpt-4o-mini',
      what: 'Grow a pool from the shipped seeds, into runs/aloe/personas.json.',
    },
  ],
  failed: 'Failed.',
  interrupted: 'Run the same command again to resume.',
  run: ({ args, signal, resumeWith }) =>
    withStudy(
      { sections: SECTIONS, parts: ['personas', 'embedder'], args, signal, resumeWith },
      async ({ pipeline, display, estimate, cost }) => {
        await estimate(['personas']);
        display.stage = 'personas';
        const pool = await growPersonas(pipeline);
        const path = pipeline.config.personas?.pool ?? pipeline.files.personas;
        return {
          text: `${describePool(pool)}\nPool: ${path}`,
          json: { pool: path, size: pool.size, growth: pool.growth?.outcomes ?? null, cost: cost() },
        };
      },
    ),
});
