/**
 * A whole evaluation without a model: free and reproducible. The users have preferences that code can check, `ruleJudge`
 * checks them, and scripted models replace real ones. One candidate answers everyone the same way; the other follows
 * what the user has said.
 *
 *   npx tsx examples/rule-judge.ts [cases] [turns]
 *
 * Replace the scripted models with real ones, and the judge is still free.
 */
import { AloeEvaluator, aloeCases, compareEvaluations, resultsTable } from 'aloe-align';
import { steeredRolePlayerPrompt } from 'aloe-align/prompts';
import { ruleCases, ruleJudge } from 'aloe-align/rules';
import { scriptedModel } from 'aloe-align/testing';

const [caseCount = 20, turns = 4] = process.argv.slice(2).map(Number);

// Each turn says what the prompt asks for, and one trait of the persona. Preferences are the last traits.
const user = scriptedModel(({ messages }, { place }) => {
  const traits = /character: (.*)\.$/m.exec(messages[0]!.content)![1]!.split('; ');
  const fact = /Write about this: (.*)\.$/m.exec(messages.at(-1)!.content)![1]!;
  return `They say of me: "${fact}". And also: "${traits.at(-(place?.turn ?? 1))}".`;
});

const fixed = scriptedModel('That sounds like quite a day. Tell me more about it when you have the time.', {
  id: 'same to everybody',
});

// Follows what the user said.
const attentive = scriptedModel(
  ({ messages }) => {
    const heard = messages.flatMap(({ role, content }) => (role === 'user' ? content : [])).join('\n');
    const [, atLeast = '12'] = /shorter than (\d+) words/.exec(heard) ?? [];
    const words = ['That', heard.includes('casual answers') ? "isn't" : 'is not', 'a small thing'];
    const named = /words like "(\w+)"/.exec(heard)?.[1];
    const topic = /brings in (?:the )?(\w+)/.exec(heard)?.[1];
    if (named !== undefined && heard.includes('Enjoys words')) words.push(`and ${named} said`);
    if (topic !== undefined) words.push(`and ${topic} may help`);
    while (words.join(' ').split(' ').length < Number(atLeast)) words.push('and it matters to you');
    const text = heard.includes('as a list with bullet') ? `- ${words.join('\n- ')}` : words.join(' ');
    const question = heard.includes('asked something back') ? '\nAnd then?' : '.';
    return `${text}${question}${heard.includes('an emoji or two') ? ' 🎉' : ''}`;
  },
  { id: 'does what it hears' },
);

const evaluator = new AloeEvaluator({
  user,
  judge: ruleJudge(),
  cases: ruleCases(aloeCases().slice(0, caseCount), { seed: 7 }),
  turns,
  // The scripted user reads which fact to write about.
  prompts: { user: steeredRolePlayerPrompt },
});
const same = await evaluator.evaluate(fixed);
const adapted = await evaluator.evaluate(attentive);

console.log(resultsTable([same, adapted]));
const { difference, pValue } = compareEvaluations(same, adapted);
console.log(
  `Listening is worth ${difference?.toFixed(2)} points (p = ${pValue?.toFixed(4) ?? '-, too few cases'})`,
);

const { caseId, turns: played } = adapted.cases[0]!;
for (const { turn, user: message, response, judgement } of played) {
  console.log(`\n${caseId}, turn ${turn}: ${judgement.score}\nuser:     ${message}\nresponse: ${response}`);
  for (const { item, met } of judgement.items ?? []) console.log(`  ${met ? 'yes' : 'no '} ${item}`);
}
