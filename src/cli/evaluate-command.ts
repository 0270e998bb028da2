import { join } from 'node:path';
import { type BooleanArgDef, type CommandDef, defineCommand, type StringArgDef } from 'citty';
import { aloeCases } from '../benchmark/aloe-cases.ts';
import { ruleCases } from '../benchmark/rule-cases.ts';
import { AloeEvaluator } from '../evaluation/aloe-evaluator.ts';
import { describeEvaluation } from '../evaluation/describe-evaluation.ts';
import { saveEvaluation } from '../evaluation/evaluation-file.ts';
import { holisticJudge } from '../evaluation/judges/holistic-judge.ts';
import { ruleJudge } from '../evaluation/judges/rule-judge.ts';
import { checkChoice } from '../internal/options.ts';
import { openRun } from '../runs/run.ts';
import { checkArguments } from './check-arguments.ts';
import { type ChosenModel, chooseModel, DEFAULT_OPENAI_MODEL } from './choose-model.ts';
import { guarded } from './guarded.ts';
import { showProgress } from './progress-display.ts';
import { describeCost } from './quickstart-report.ts';
import { readNumber } from './read-number.ts';

type WithDefault = StringArgDef & { readonly default: string };

const evaluateArgs: Record<'cases' | 'turns' | 'seed' | 'judge' | 'run', WithDefault> &
  Record<'model' | 'base-url' | 'gguf' | 'user-model' | 'user-base-url' | 'name' | 'out', StringArgDef> &
  Record<'embedded', BooleanArgDef> = {
  model: { type: 'string', description: 'The model to measure, by its name at the server.' },
  'base-url': { type: 'string', description: 'Its OpenAI-compatible server, e.g. http://localhost:8000/v1.' },
  gguf: { type: 'string', description: 'A GGUF file to measure in this process.' },
  embedded: { type: 'boolean', description: 'Measure the embedded model.' },
  'user-model': {
    type: 'string',
    description: `Plays the users and judges (default: ${DEFAULT_OPENAI_MODEL} with OPENAI_API_KEY set, else the embedded model).`,
  },
  'user-base-url': { type: 'string', description: 'Its server, where that is another than OpenAI.' },
  judge: {
    type: 'string',
    default: 'model',
    description: 'model, or rules: users get preferences that code checks, without a judge model.',
  },
  cases: { type: 'string', default: '100', description: 'ALOE cases, drawn by the seed.' },
  turns: { type: 'string', default: '10', description: 'Turns of each case.' },
  seed: { type: 'string', default: '7', description: 'All choices derive from it.' },
  name: { type: 'string', description: 'How tables name the model.' },
  run: {
    type: 'string',
    default: 'runs/evaluate',
    description: 'Run folder: the same one again continues or replays.',
  },
  out: { type: 'string', description: 'File of the result (default: NAME.json in the run folder).' },
};

export const evaluateCommand: CommandDef<typeof evaluateArgs> = defineCommand({
  meta: { name: 'evaluate', description: 'Measure a model on the ALOE benchmark.' },
  args: evaluateArgs,
  run: ({ args }) =>
    guarded(async (signal) => {
      checkArguments(args, evaluateArgs);
      const turns = readNumber('turns', args.turns, { min: 1, whole: true });
      const seed = readNumber('seed', args.seed, { min: 0, whole: true });
      const count = readNumber('cases', args.cases, { min: 1, max: aloeCases().length, whole: true });
      const byRules = checkChoice('judge', args.judge, ['model', 'rules']) === 'rules';
      const drawn = aloeCases({ count, seed });
      const cases = byRules ? ruleCases(drawn, { seed }) : drawn;

      const candidate = await chooseModel(args, signal);
      const other = await chooseModel(
        { model: args['user-model'], 'base-url': args['user-base-url'] },
        signal,
      );
      const run = await openRun(args.run, { seed, onEvent: (event) => display.take(event) });
      const display = showProgress({ total: cases.length, turns, prices: {} });
      display.stage = 'evaluation';
      const start = performance.now();
      try {
        const evaluator = new AloeEvaluator({
          run,
          user: other.model,
          judge: byRules
            ? ruleJudge()
            : holisticJudge(other.model, { temperature: other.temperatures?.judge }),
          cases,
          turns,
          userMessages: { temperature: other.temperatures?.user },
          onEvent: (event) => display.take(event),
        });
        const name = args.name ?? candidate.model.id;
        const result = await evaluator.evaluate({ name, model: candidate.model }, { signal });
        const path = resultPath(args.out, args.run, name);
        await saveEvaluation(result, path);
        display.say(describeEvaluation(result));
        display.say(describeCost(run.stats(), performance.now() - start));
        display.say(`${path}\nCompare it with others in a page: aloe report ${path} …`);
        if (other.note !== '') display.say(other.note);
      } finally {
        display.stop();
        await run.close();
        await disposeOf(candidate);
        await disposeOf(other);
      }
    }, `Run the same command again to continue where it stopped (${args.run}).`),
});

async function disposeOf({ model }: ChosenModel): Promise<void> {
  await model.dispose?.();
}

function resultPath(out: string | undefined, run: string, name: string): string {
  return out ?? join(run, `${name.replaceAll(/[^\w.-]+/g, '-')}.json`);
}
