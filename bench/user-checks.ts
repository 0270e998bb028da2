/**
 * How well the checks of user messages find faults, over the labelled messages in
 * `test/conversations/user-checks/labelled`, as Markdown with 95 % Wilson intervals:
 *
 *     node bench/user-checks.ts [measured|development] [--limit N] [--seed S]
 *         [--model NAME --base-url URL [--run DIRECTORY] [--concurrency N] [--all]]
 *
 * With a model, it is asked about the messages that pass the rules, as in a conversation; with `--all` about every message,
 * for figures of the model alone. `--limit` draws that many messages of each fault and language, and as many good ones.
 * `--run` keeps the answers, so that an interrupted measurement resumes.
 */
import { parseArgs } from 'node:util';
import { rolePlayerPrompt } from '../src/conversations/prompts/role-player.ts';
import { askForFault } from '../src/conversations/user-checks/ask-for-fault.ts';
import { briefOf } from '../src/conversations/user-checks/brief.ts';
import { reviewUserMessage } from '../src/conversations/user-checks/review-user-message.ts';
import type { UserProblem } from '../src/conversations/user-checks/user-check.ts';
import { markdownTable } from '../src/internal/markdown.ts';
import { sample, seededRandom } from '../src/internal/random.ts';
import { openaiCompatible } from '../src/models/openai-compatible.ts';
import { memoryRun, openRun } from '../src/runs/run.ts';
import {
  CLASSES,
  LANGUAGES,
  type LabelledMessage,
  readLabelledMessages,
} from '../test/conversations/user-checks/labelled-messages.ts';
import { wilsonShare } from './wilson-share.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    limit: { type: 'string' },
    seed: { type: 'string', default: '1' },
    model: { type: 'string' },
    'base-url': { type: 'string' },
    run: { type: 'string' },
    concurrency: { type: 'string', default: '8' },
    all: { type: 'boolean', default: false },
  },
});
const [half = 'measured'] = positionals;
const LABELS = ['good', ...CLASSES] as const;
/** A problem of the checks that has no label of its own. */
const ALSO: Partial<Record<UserProblem, (typeof CLASSES)[number]>> = { 'role-slip': 'prompt-echo' };

type Found = UserProblem | 'none' | 'unanswered';

/** All messages of the half, or a part with as many good ones as faulty ones, in an order that says nothing about labels. */
function drawn(all: readonly LabelledMessage[]): LabelledMessage[] {
  const random = seededRandom(Number(values.seed));
  const limit = values.limit === undefined ? all.length : Number(values.limit);
  const chosen = LANGUAGES.flatMap((language) =>
    LABELS.flatMap((label) => {
      const stratum = all.filter((one) => one.language === language && one.label === label);
      return sample(stratum, label === 'good' ? limit * CLASSES.length : limit, random);
    }),
  );
  return sample(chosen, chosen.length, random);
}

function byRules({ message, persona, conversation }: LabelledMessage): Found {
  const variables = { persona, conversation, focus: persona.profile.facts[0]! };
  const brief = briefOf(rolePlayerPrompt.messages(variables), variables);
  const review = reviewUserMessage(message, { persona, conversation, maxStatements: 2, brief });
  return review.ok ? 'none' : review.problem;
}

/** What the model finds in these messages. */
async function byModel(
  asked: readonly LabelledMessage[],
  name: string,
  url: string,
): Promise<Map<string, Found>> {
  const concurrency = Number(values.concurrency);
  const run =
    values.run === undefined ? memoryRun({ concurrency }) : await openRun(values.run, { concurrency });
  const model = run.model(openaiCompatible(name, { baseUrl: url, timeoutMs: 24 * 3_600_000 }));
  const ask = async ({ id, ...labelled }: LabelledMessage): Promise<[string, Found]> => {
    const { message, persona, conversation } = labelled;
    const answer = await askForFault(model, {
      ...{ message, persona, conversation, maxStatements: 2 },
      place: { task: 'user-checks', subject: id, role: 'user' },
      seedFor: (place) => run.seedFor(place),
    });
    return [id, typeof answer === 'string' ? answer : answer.problem];
  };
  try {
    return new Map(await Promise.all(asked.map(ask)));
  } finally {
    await run.close();
  }
}

function report(title: string, found: ReadonlyMap<string, Found>): void {
  const classOf = ({ id }: LabelledMessage) => {
    const problem = found.get(id)!;
    return problem === 'unanswered' ? 'none' : ((ALSO as Record<string, string>)[problem] ?? problem);
  };
  const share = (ofAll: readonly LabelledMessage[], counts: (one: LabelledMessage) => boolean) =>
    wilsonShare(ofAll.filter(counts).length, ofAll.length);
  const flagged = (one: LabelledMessage) => classOf(one) !== 'none';
  const labelled = (label: string) => messages.filter((one) => one.label === label);
  const faulty = messages.filter(({ label }) => label !== 'good');

  console.log(`\n## ${title}\n`);
  console.log(
    markdownTable(
      ['class', 'recall, by this name', 'recall, by any name', 'precision of this name'],
      [
        ...CLASSES.map((name) => [
          name,
          share(labelled(name), (one) => classOf(one) === name),
          share(labelled(name), flagged),
          share(
            messages.filter((one) => classOf(one) === name),
            ({ label }) => label === name,
          ),
        ]),
        [
          'any fault',
          '',
          share(faulty, flagged),
          share(messages.filter(flagged), ({ label }) => label !== 'good'),
        ],
      ],
    ),
  );
  console.log(`\nFalse alarms and recall by any name, by language:\n`);
  const columns = [...LANGUAGES, null];
  const cell = (label: string, language: string | null) =>
    share(
      labelled(label).filter((one) => language === null || one.language === language),
      flagged,
    );
  console.log(
    markdownTable(
      ['label', ...columns.map((language) => language ?? 'all')],
      LABELS.map((label) => [label, ...columns.map((language) => cell(label, language))]),
    ),
  );
  const unanswered = [...found.values()].filter((each) => each === 'unanswered').length;
  if (unanswered > 0) console.log(`\nNo valid answer about ${unanswered} messages, which count as passed.`);
}

const messages = drawn((await readLabelledMessages()).filter((message) => message.half === half));
const good = messages.filter(({ label }) => label === 'good').length;
console.log(`Checks of ${messages.length} messages of the ${half} half, ${good} of them good.`);
const rules = new Map(messages.map((one) => [one.id, byRules(one)]));
report('Rules', rules);
const { model, 'base-url': url } = values;
if (model !== undefined && url !== undefined) {
  const passed = messages.filter(({ id }) => rules.get(id) === 'none');
  const answers = await byModel(values.all ? messages : passed, model, url);
  if (values.all) report(`${model} alone`, answers);
  report(
    `Rules, then ${model}`,
    new Map([...rules, ...passed.map(({ id }) => [id, answers.get(id)!] as const)]),
  );
}
