/**
 * Measures whether a model follows instructions that code checks: number of words, JSON only, another language, lower case.
 * Do it before and after training. With two results, it compares them.
 *
 *   npx tsx examples/abilities.ts base.abilities.json
 *   npx tsx examples/abilities.ts tuned.abilities.json base.abilities.json
 *
 * The model is MODEL at OPENAI_BASE_URL. Run it again to resume; finished calls are not paid for twice.
 */
import { openRun } from 'aloe-align';
import {
  abilitiesTable,
  compareAbilities,
  describeAbilities,
  measureAbilities,
  readAbilities,
  saveAbilities,
} from 'aloe-align/abilities';
import { openai } from 'aloe-align/models/openai';

const [out = 'abilities.json', before] = process.argv.slice(2);
if (!process.env.OPENAI_API_KEY) {
  console.error('Set OPENAI_API_KEY (any text for a server of your own, with OPENAI_BASE_URL).');
  process.exit(1);
}

const model = openai(process.env.MODEL ?? 'gpt-4o-mini', { revision: process.env.MODEL_REVISION });
const run = await openRun('runs/abilities', { seed: 7 });
const result = await measureAbilities(model, {
  run,
  name: out.replace(/(\.abilities)?\.json$/, ''),
  count: 12,
  onEvent: ({ item, done, total }) =>
    console.log(`${done} of ${total}: ${item.id} ${item.followed ? 'followed' : 'not followed'}`),
});
await run.close();
await saveAbilities(result, out);
console.log(`\n${abilitiesTable([result])}`);
if (before !== undefined)
  console.log(`\n${describeAbilities(compareAbilities(await readAbilities(before), result))}`);
