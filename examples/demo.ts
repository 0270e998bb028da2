/**
 * The whole pipeline on the recorded study that ships with the package: no key, no model, no network, a few seconds.
 *
 *   npx tsx examples/demo.ts
 *
 * Replace `model` with one of your own, and the rest stays the same.
 */
import {
  AloeEvaluator,
  ConversationTreeBuilder,
  compareEvaluations,
  openRun,
  PersonaPool,
  PreferenceExporter,
  resultsTable,
  trlDpo,
  trlSft,
} from 'aloe-align';
import { adaptive } from 'aloe-align/adaptive';
import { openDemo } from 'aloe-align/demo';
import { writeReport } from 'aloe-align/report';

const { model, seed, pool, turns, cases } = await openDemo();
const run = await openRun('runs/demo', { seed });

const grown = await PersonaPool.grow({ run, model, ...pool });
console.log(`${grown.size.profiles} profiles, ${grown.size.personalities} personalities`);

const builder = new ConversationTreeBuilder({ run, roles: model, turns, order: 'input' });
const personas = grown.personas({ personalitiesPerProfile: 1 });
const trees = await Array.fromAsync(builder.build(personas));

const { files } = await new PreferenceExporter({ formats: [trlSft(), trlDpo()], seed }).write(
  trees,
  'runs/demo/data',
);
for (const { name, rows } of files) console.log(`runs/demo/data/${name}: ${rows} rows`);

const evaluator = new AloeEvaluator({ run, user: model, judge: model, cases, turns });
const bare = await evaluator.evaluate({ name: 'bare', model });
const adapted = await evaluator.evaluate({ name: 'adaptive', model: adaptive(model) });
console.log(`\n${resultsTable([bare, adapted])}`);
const { difference, pValue } = compareEvaluations(bare, adapted);
console.log(`adaptive minus bare: ${difference?.toFixed(2)}, p = ${pValue?.toFixed(3)}`);

await writeReport({ evaluations: [bare, adapted], conversations: trees }, 'runs/demo/report.html');
await run.close();
