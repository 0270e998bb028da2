import { openEmbedder } from '../config/open-embedder.ts';
import { countEntries } from '../personas/describe/count-entries.ts';
import type { PoolDescription } from '../personas/describe/pool-description.ts';
import { PersonaPool } from '../personas/persona-pool.ts';
import { POOL_KINDS } from '../personas/pool-data.ts';
import { writeReport } from '../report/render-report.ts';
import { summarizeKind } from '../report/sections/pool-section.ts';
import { checkWritable } from './check-writable.ts';
import { embedderArgs, missingForEmbedder, namedEmbedder } from './choose-embedder.ts';
import { refuseMissing } from './missing-parts.ts';
import { defineVerb, type Verb } from './verb.ts';

export const describePoolCommand: Verb = defineVerb({
  args: {
    pool: {
      type: 'positional',
      required: true,
      description: 'Pool file, as aloe personas or PersonaPool.save() writes it.',
    },
    ...embedderArgs,
    'models-dir': {
      type: 'string',
      valueHint: 'DIR',
      description: 'Directory for the embedded weights (default: the user cache).',
    },
    offline: { type: 'boolean', description: 'Never download weights.' },
    out: { type: 'string', default: 'pool.html', valueHint: 'FILE', description: 'Output file.' },
  },
  examples: [
    { words: 'pool describe runs/aloe/personas.json', what: 'A page with map and gaps, in pool.html.' },
  ],
  failed: 'Failed.',
  interrupted: 'Interrupted. No page was written.',
  async run({ args, signal }) {
    await checkWritable('out', args.out);
    const pool = await PersonaPool.read(args.pool);
    const settings = namedEmbedder(args);
    const weights = { modelsDir: args['models-dir'], offline: args.offline };
    refuseMissing(missingForEmbedder(settings, weights));
    const embedder = await openEmbedder(settings, { ...weights, signal });
    const described = await pool.describe({ embedder, signal });
    await writeReport({ pool: described, title: 'Persona pool' }, args.out);
    return { text: `${summarize(described)}\n${args.out}`, json: { page: args.out, ...described } };
  },
});

function summarize(pool: PoolDescription): string {
  return POOL_KINDS.map((kind) => {
    const { size, gaps } = pool[kind];
    const missing = gaps.length === 0 ? '' : `\nGaps:\n${gaps.map((gap) => `- ${gap}`).join('\n')}`;
    return `${countEntries(size, kind)}. ${summarizeKind(pool[kind])}${missing}\n`;
  }).join('\n');
}
