/**
 * The method, cell by cell, on the recorded study that ships with the package: no key, no model, no network.
 *
 * A cell begins with `// %%`. Editors that know such cells run them one by one. For tslab or Deno in Jupyter, make a notebook of
 * it: `jupytext --to ipynb examples/notebook.ts`. As a whole: `npx tsx examples/notebook.ts`.
 */

// %% A model and a run. Swap `model` for `openai('gpt-4o-mini')`, and the rest stays as it is.
import {
  AloeEvaluator,
  ConversationTreeBuilder,
  compareEvaluations,
  decisionPoints,
  numberStatements,
  openRun,
  PersonaPool,
  PreferenceExporter,
  resultsTable,
  trlDpo,
  trlKto,
} from 'aloe-align';
import { adaptive } from 'aloe-align/adaptive';
import { openDemo } from 'aloe-align/demo';
import { rows } from 'aloe-align/rows';

const demo = await openDemo();
const { model } = demo;
const run = await openRun('runs/notebook', { seed: demo.seed });

// %% People: who is in the pool, and two of them
const pool = await PersonaPool.grow({ run, model, ...demo.pool });
const personas = pool.personas({ personalitiesPerProfile: 1 });
for (const persona of personas.slice(0, 2)) {
  console.log(`\n${persona.id}`);
  for (const { id, text } of numberStatements(persona)) console.log(`  ${id} ${text}`);
}

// %% Conversations: one whole one, with both replies at every turn
const builder = new ConversationTreeBuilder({ run, roles: model, turns: demo.turns, order: 'input' });
const trees = await Array.fromAsync(builder.build(personas));
for (const { node } of decisionPoints(trees[0]!)) {
  console.log(`\nuser: ${node.user}`);
  console.log(`  known: ${node.revealed.join(' ') || 'nothing'}`);
  console.log(`  preferred: ${node.preferred.text}`);
  console.log(`  rejected: ${node.rejected.text}`);
}

// %% Pairs as a table: what the preferred side was told, and how long both are
const words = (text: string) => text.split(/\s+/).length;
console.table(
  rows(trees, 'pairs').map(({ personaId, turn, revealed, preferred, rejected }) => ({
    personaId,
    turn,
    revealed,
    preferred: words(preferred),
    rejected: words(rejected),
  })),
);

// %% Training files, here for DPO and KTO
const exporter = new PreferenceExporter({
  formats: [trlDpo(), trlKto()],
  validationShare: 0.2,
  seed: demo.seed,
});
const { files } = await exporter.write(trees, 'runs/notebook/data');
for (const file of files) console.log(`${file.name}: ${file.rows} rows`);

// %% The exam: a model as it is, and one that notes preferences as it goes
const evaluator = new AloeEvaluator({ run, user: model, judge: model, cases: demo.cases, turns: demo.turns });
const bare = await evaluator.evaluate({ name: 'bare', model });
const adapted = await evaluator.evaluate({ name: 'adaptive', model: adaptive(model) });
console.log(resultsTable([bare, adapted]));

// %% Is the second one better? Person by person, since both met the same people
const { difference, interval, pValue, better, worse } = compareEvaluations(bare, adapted);
console.log({ difference, interval, pValue, better, worse });

// %% The most personal replies: the judge likes them for this user, and less for somebody else
const turns = rows([bare, adapted], 'turns').filter(({ ownMinusOther }) => ownMinusOther !== null);
turns.sort((a, b) => b.ownMinusOther! - a.ownMinusOther!);
for (const { candidate, user, response, ownMinusOther } of turns.slice(0, 3))
  console.log(`\n${candidate}, +${ownMinusOther}\n  user: ${user}\n  reply: ${response}`);

// %% Done
const { calls, replayed } = run.stats();
console.log(`${calls} calls, ${replayed} replayed`);
await run.close();
