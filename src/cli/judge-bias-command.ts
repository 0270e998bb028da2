import { join } from 'node:path';
import {
  type BooleanArgDef,
  type CommandDef,
  defineCommand,
  type PositionalArgDef,
  type StringArgDef,
} from 'citty';
import { describeEstimate } from '../estimate/describe-estimate.ts';
import { estimateRun } from '../estimate/estimate-run.ts';
import { readEvaluation } from '../evaluation/evaluation-file.ts';
import { describeJudgeBias } from '../evaluation/judge-bias/describe-judge-bias.ts';
import { judgeBias } from '../evaluation/judge-bias/judge-bias.ts';
import { holisticJudge } from '../evaluation/judges/holistic-judge.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import { openRun } from '../runs/run.ts';
import { checkArguments } from './check-arguments.ts';
import { chooseModel, DEFAULT_OPENAI_MODEL, inFlags, readWeights } from './choose-model.ts';
import { guarded } from './guarded.ts';
import { missingForModel, missingForRole, refuseMissing } from './missing-parts.ts';
import { showProgress } from './progress-display.ts';
import { describeCost } from './quickstart-report.ts';
import { readNumber } from './read-number.ts';
import { checkRebought, reboughtArgs } from './rebought.ts';
import { chooseRoleModel, flaggedRole, type RoleArgs, roleArgs } from './role-model.ts';
import { readRubric, rubricArg } from './rubric.ts';

type WithDefault = StringArgDef & { readonly default: string };

const judgeBiasArgs: { readonly evaluation: PositionalArgDef } & Record<
  'sample' | 'seed' | 'run' | 'max-rebought',
  WithDefault
> &
  Record<'gguf' | 'rubric' | 'out', StringArgDef> &
  Record<'embedded', BooleanArgDef> &
  RoleArgs<'judge'> &
  RoleArgs<'reword'> = {
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
    description: 'GGUF file that judges in this process, or hf:owner/repository:quantisation.',
  },
  embedded: { type: 'boolean', description: 'The embedded model judges, even if OPENAI_API_KEY is set.' },
  rubric: rubricArg,
  ...roleArgs('reword', 'Model that puts responses in other words (default: this is not measured).'),
  sample: { type: 'string', default: '60', description: 'Number of responses to judge.' },
  seed: { type: 'string', default: '7', description: 'Random seed. Same seed, same choices.' },
  run: { type: 'string', default: 'runs/judge-bias', description: 'Run directory. Reuse it to resume.' },
  ...reboughtArgs,
  out: { type: 'string', description: 'Result file (default: judge-bias.json in the run directory).' },
};

export const judgeBiasCommand: CommandDef<typeof judgeBiasArgs> = defineCommand({
  meta: { name: 'judge-bias', description: 'Measure how far one can trust a judge.' },
  args: judgeBiasArgs,
  run: ({ args }) => {
    let flags = '';
    return guarded(
      async (signal) => {
        checkArguments({ ...args, _: [] }, judgeBiasArgs);
        const sample = readNumber('sample', args.sample, { min: 1, whole: true });
        const seed = readNumber('seed', args.seed, { min: 0, whole: true });
        const maxRebought = readNumber('max-rebought', args['max-rebought'], { min: 0, whole: true });
        const rubric = readRubric(args.rubric);
        const results = await Promise.all(args._.map(readEvaluation));
        const { gguf, embedded } = args;
        refuseMissing([
          ...(args['judge-model'] === undefined
            ? missingForModel({ gguf, embedded })
            : missingForRole('judge', args)),
          ...missingForRole('reword', args),
        ]);
        const judging =
          (await chooseRoleModel('judge', args, signal)) ?? (await chooseModel({ gguf, embedded }, signal));
        const reword = (await chooseRoleModel('reword', args, signal))?.model;
        const models = [
          flaggedRole(judging.model, 'judge'),
          ...(reword === undefined ? [] : [flaggedRole(reword, 'reword')]),
        ];
        const { sameModel, resumeFlags } = readWeights(models, args);
        flags = resumeFlags;
        const display = showProgress({});
        display.stage = 'judge bias';
        const run = await openRun(args.run, {
          seed,
          maxRebought,
          sameModel,
          onEvent: display.take,
        }).catch((error: unknown) => {
          display.stop();
          throw error;
        });
        const start = performance.now();
        try {
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
          const path = args.out ?? join(run.readOnly ? '' : args.run, 'judge-bias.json');
          await writeFileAtomic(path, `${JSON.stringify(bias, null, 2)}\n`);
          display.say(describeJudgeBias(bias));
          display.say(describeCost(run.stats(), performance.now() - start));
          display.say(`Result: ${path}`);
          if (judging.note !== '') display.say(judging.note);
        } catch (error) {
          throw inFlags(error, models);
        } finally {
          display.stop();
          await run.close();
          await judging.model.dispose?.();
          await reword?.dispose?.();
        }
      },
      () => `Run the same command again${flags ? ` with${flags}` : ''} to resume (${args.run}).`,
    );
  },
});
