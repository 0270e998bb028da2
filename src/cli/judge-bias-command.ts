import { join } from 'node:path';
import { DEFAULT_OPENAI_MODEL } from '../config/open-model.ts';
import { describeEstimate } from '../estimate/describe-estimate.ts';
import { estimateRun } from '../estimate/estimate-run.ts';
import { readEvaluation } from '../evaluation/evaluation-file.ts';
import type { JudgeBias } from '../evaluation/judge-bias/bias-result.ts';
import { describeJudgeBias } from '../evaluation/judge-bias/describe-judge-bias.ts';
import { judgeBias } from '../evaluation/judge-bias/judge-bias.ts';
import { holisticJudge } from '../evaluation/judges/holistic-judge.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import { checkWritable } from './check-writable.ts';
import { type FlaggedModel, namedModel, openNamed } from './choose-model.ts';
import { withCommandRun } from './command-run.ts';
import { EXIT } from './exit-status.ts';
import { missingForModel, refuseMissing } from './missing-parts.ts';
import { readNumber, readOptionalNumber } from './read-number.ts';
import { checkRebought, reboughtArgs } from './rebought.ts';
import { flaggedRole, namedRole, roleArgs } from './role-model.ts';
import { readRubric, rubricArg } from './rubric.ts';
import { seedArg } from './seed-arg.ts';
import { defineVerb, type Verb } from './verb.ts';

export const judgeBiasCommand: Verb = defineVerb({
  args: {
    evaluation: {
      type: 'positional',
      description: 'Evaluation files, as saveEvaluation() or aloe evaluate write them.',
    },
    ...roleArgs(
      'judge',
      `Judge (default: ${DEFAULT_OPENAI_MODEL} if OPENAI_API_KEY is set, else the embedded model).`,
    ),
    gguf: {
      type: 'string',
      valueHint: 'FILE',
      description: 'GGUF file that judges in this process, or hf:owner/repository:quantisation.',
    },
    embedded: { type: 'boolean', description: 'The embedded model judges, even if OPENAI_API_KEY is set.' },
    rubric: rubricArg,
    ...roleArgs('reword', 'Model that puts responses in other words (default: this is not measured).'),
    sample: {
      type: 'string',
      valueHint: 'N',
      description: 'Number of responses to judge (default: 60, or all if there are fewer).',
    },
    seed: seedArg,
    run: {
      type: 'string',
      default: 'runs/judge-bias',
      valueHint: 'DIR',
      description: 'Run directory. Reuse it to resume.',
    },
    'budget-tokens': { type: 'string', description: 'Stop before using more than this many tokens.' },
    ...reboughtArgs,
    out: {
      type: 'string',
      valueHint: 'FILE',
      description: 'Result file (default: judge-bias.json in the run directory).',
    },
  },
  many: true,
  examples: [
    {
      words: 'judge-bias bare.json tuned.json --judge-model gpt-4o',
      what: 'Do length, bold text or a plea move the scores of this judge? About 400 calls.',
    },
  ],
  failed: 'Failed, or some responses could not be judged. The result is written all the same.',
  interrupted: 'Run the same command again to resume.',
  async run({ args, words, signal, resumeWith }) {
    const sample = readOptionalNumber('sample', args.sample, { min: 1, whole: true });
    const seed = readNumber('seed', args.seed, { min: 0, whole: true });
    const maxRebought = readNumber('max-rebought', args['max-rebought'], { min: 0, whole: true });
    const budgetTokens = readOptionalNumber('budget-tokens', args['budget-tokens'], { min: 0 });
    const rubric = readRubric(args.rubric);
    if (args.out !== undefined) await checkWritable('out', args.out);
    const results = await Promise.all(words.map(readEvaluation));
    const { gguf, embedded } = args;
    const judgeModel = namedRole('judge', args) ?? namedModel({ gguf, embedded });
    const rewordModel = namedRole('reword', args);
    refuseMissing([
      ...missingForModel(judgeModel, { option: 'judge-model' }),
      ...(rewordModel === undefined ? [] : missingForModel(rewordModel, { option: 'reword-model' })),
    ]);
    const judging = await openNamed(judgeModel, signal, 'judge-model');
    const reword =
      rewordModel === undefined ? undefined : (await openNamed(rewordModel, signal, 'reword-model')).model;
    const models: readonly FlaggedModel[] = [
      flaggedRole(judging.model, 'judge'),
      ...(reword === undefined ? [] : [flaggedRole(reword, 'reword')]),
    ];
    return withCommandRun(
      {
        dir: args.run,
        models,
        args,
        run: { seed, maxRebought, budget: { tokens: budgetTokens } },
        stage: 'judge bias',
        resumeWith,
      },
      async ({ run, display, cost }) => {
        const path = args.out ?? join(run.readOnly ? '' : args.run, 'judge-bias.json');
        await checkWritable('out', path);
        const judge = holisticJudge(judging.model, {
          temperature: judging.temperatures?.judge,
          rubric: rubric ?? judging.rubric,
        });
        const options = { run, reword, sample, seed };
        for (const { model } of models) run.model(model);
        const estimate = await estimateRun({ judgeBias: { ...options, results, judge } });
        display.say(describeEstimate(estimate));
        checkRebought(estimate, maxRebought, args.run);
        const bias = await judgeBias(results, judge, {
          ...options,
          signal,
          onEvent({ done, total }) {
            display.stage = `judge bias, ${done} of ${total} responses`;
          },
        });
        await writeFileAtomic(path, `${JSON.stringify(bias, null, 2)}\n`);
        const costs = cost();
        if (judging.note !== '') display.say(judging.note);
        return {
          text: `${describeJudgeBias(bias)}\nResult: ${path}`,
          json: { result: path, bias, cost: costs },
          status: isWhole(bias) ? EXIT.done : EXIT.failed,
        };
      },
    );
  },
});

/** Whether the judge gave each verdict it was asked for. A rewording of the wrong length is not the judge's failure. */
function isWhole({ measures }: JudgeBias): boolean {
  return measures.every(({ name, missing }) => missing === 0 || name === 'lengthened' || name === 'reworded');
}
