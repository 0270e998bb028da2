/**
 * A model that adapts to its user without training: first in a chat of three messages, whose preferences it keeps in a
 * store, then evaluated on a few cases next to the bare model and the model told the persona.
 *
 *   OPENAI_API_KEY=... npx tsx examples/adaptive.ts [cases] [turns]
 *
 * OPENAI_BASE_URL and MODEL select any compatible server and model. Run it again to resume; finished
 * calls are not paid for twice.
 */
import { AloeEvaluator, aloeCases, type Message, openRun, oracle, resultsTable } from 'aloe-align';
import { adaptive } from 'aloe-align/adaptive';
import { openai } from 'aloe-align/models/openai';

if (!process.env.OPENAI_API_KEY) {
  console.error('Set OPENAI_API_KEY, and OPENAI_BASE_URL for a server of your own (any key will do there).');
  process.exit(1);
}

const [caseCount = 5, turns = 10] = process.argv.slice(2).map(Number);
const model = openai(process.env.MODEL ?? 'gpt-4o-mini', { revision: process.env.MODEL_REVISION });
const run = await openRun('runs/adaptive', { seed: 7 });

const store = new Map<string, readonly string[]>();
const chat = run.model(
  adaptive(model, {
    store,
    userId: 'ann',
    onEvent(event) {
      if (event.type === 'preferences-inferred')
        console.log(`  noted: ${event.preferences.join('; ') || '–'}`);
      else console.log(`  noted nothing (${event.type})`);
    },
  }),
);
const conversation: Message[] = [];
for (const content of [
  'keep it short, im on a night shift',
  'no emoji pls. any tips to stay awake?',
  'ok and food?',
]) {
  conversation.push({ role: 'user', content });
  console.log(`user: ${content}`);
  const { text } = await chat.generate({ messages: conversation, maxOutputTokens: 300 });
  conversation.push({ role: 'assistant', content: text });
  console.log(`model: ${text}`);
}
console.log(`stored: ${store.get('ann')?.join('; ')}`);

const evaluator = new AloeEvaluator({
  run,
  user: model,
  judge: model,
  cases: aloeCases().slice(0, caseCount),
  turns,
  responses: { maxOutputTokens: 300 },
});
const results = [];
for (const candidate of [
  { name: 'bare', model },
  { name: 'adaptive', model: adaptive(model) },
  oracle(model, { name: 'oracle' }),
]) {
  results.push(await evaluator.evaluate(candidate));
}
await run.close();
console.log(`\n${resultsTable(results)}`);
