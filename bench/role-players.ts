/**
 * The two prompts of the simulated user side by side: the same cases played with `steeredRolePlayerPrompt` and with
 * `rolePlayerPrompt`, printed whole as Markdown, with each judgement.
 *
 *   node bench/role-players.ts --model NAME --base-url URL [--user-base-url URL] [--judge-base-url URL] [--cases aloe-003,aloe-008]
 *     [--turns 3] [--seed 7] [--dir runs/role-players]
 *   node bench/role-players.ts --embedded
 *
 * Run it again to resume.
 */
import { parseArgs } from 'node:util';
import { AloeEvaluator, aloeCases, openRun } from '../src/index.ts';
import { embeddedModel } from '../src/models/embedded.ts';
import { rolePlayerPrompt, steeredRolePlayerPrompt } from '../src/prompts.ts';
import { servedModel, servedOptions } from './served-model.ts';

const { values } = parseArgs({
  options: {
    ...servedOptions,
    embedded: { type: 'boolean', default: false },
    cases: { type: 'string', default: 'aloe-003,aloe-008,aloe-086' },
    turns: { type: 'string', default: '3' },
    seed: { type: 'string', default: '7' },
    dir: { type: 'string', default: 'runs/role-players' },
  },
});
const small = values.embedded ? embeddedModel() : undefined;
const at = (url: string | undefined) => small ?? servedModel(values, url);

const wanted = values.cases.split(',');
const cases = aloeCases().filter(({ id }) => wanted.includes(id));
const run = await openRun(values.dir, { seed: Number(values.seed), concurrency: 20 });
const played = await Promise.all(
  [steeredRolePlayerPrompt, rolePlayerPrompt].map(async (prompt) => {
    const evaluator = new AloeEvaluator({
      run,
      user: at(values['user-base-url']),
      judge: at(values['judge-base-url']),
      prompts: { user: prompt },
      cases,
      turns: Number(values.turns),
      userMessages: values.embedded ? { temperature: 0.4, maxOutputTokens: 80 } : {},
      responses: values.embedded ? { maxOutputTokens: 120 } : {},
    });
    // A name of its own, so that neither replays the other's responses.
    const candidate = { name: prompt.id, model: at(undefined) };
    return { prompt, result: await evaluator.evaluate(candidate) };
  }),
);
await run.close();
await small?.dispose();

const quote = (text: string) => `> ${text.replaceAll('\n', '\n> ')}`;
for (const { id, persona } of cases) {
  console.log(`## ${persona.profile.facts[0]}\n`);
  console.log(`Case \`${id}\`. Life: ${persona.profile.facts.slice(1).join('; ')}.\n`);
  console.log(`Character: ${persona.personality.traits.join('; ')}.\n`);
  for (const { prompt, result } of played) {
    console.log(`### \`${prompt.id}@${prompt.version}\`\n`);
    const own = result.cases.find(({ caseId }) => caseId === id)!;
    for (const { user, response, judgement, otherJudgement, checks } of own.turns) {
      const found = checks === undefined ? '' : ` (drafts sent back: ${checks.found.join(', ')})`;
      console.log(`**User**${found}:\n\n${quote(user)}\n`);
      const scores = `${judgement.score ?? judgement.status}, for another persona ${otherJudgement?.score ?? '–'}`;
      console.log(`**Candidate** (score ${scores}):\n\n${quote(response)}\n`);
    }
    if (own.failure !== undefined) console.log(`The case ended here: ${own.failure.message}\n`);
  }
}
