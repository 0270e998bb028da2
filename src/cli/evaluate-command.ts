import { type BooleanArgDef, type CommandDef, defineCommand, type StringArgDef } from 'citty';
import { ruleCases } from '../benchmark/rule-cases.ts';
import { InvalidOptionError } from '../errors.ts';
import { describeEstimate } from '../estimate/describe-estimate.ts';
import { estimateRun } from '../estimate/estimate-run.ts';
import { AloeEvaluator } from '../evaluation/aloe-evaluator.ts';
import { describeEvaluation } from '../evaluation/describe/describe-evaluation.ts';
import { saveEvaluation } from '../evaluation/evaluation-file.ts';
import type { AloeEvaluatorOptions } from '../evaluation/evaluator-options.ts';
import { holisticJudge } from '../evaluation/judges/holistic-judge.ts';
import { ruleJudge } from '../evaluation/judges/rule-judge.ts';
import { checkChoice } from '../internal/options.ts';
import { openRun } from '../runs/run.ts';
import { changeCases } from './change-cases.ts';
import { describeChangedWeights } from './changed-weights.ts';
import { checkArguments } from './check-arguments.ts';
import { chooseCases } from './choose-cases.ts';
import {
  type ChosenModel,
  chooseModel,
  DEFAULT_OPENAI_MODEL,
  type FlaggedModel,
  inFlags,
  readWeights,
  servedModelArgs,
} from './choose-model.ts';
import { guarded } from './guarded.ts';
import { missingForModel, missingForRole, refuseMissing } from './missing-parts.ts';
import { otherPersonaArg, readOtherPersona } from './other-persona.ts';
import { showProgress } from './progress-display.ts';
import { describeCost } from './quickstart-report.ts';
import { readNumber } from './read-number.ts';
import { checkRebought, reboughtArgs } from './rebought.ts';
import { resultPath } from './result-path.ts';
import { chooseRoleModel, flaggedRole, type RoleArgs, roleArgs } from './role-model.ts';
import { readRubric, rubricArg } from './rubric.ts';
import { promptUsers, readUserPrompt, userPromptArg } from './user-prompt.ts';

type WithDefault = StringArgDef & { readonly default: string };

const evaluateArgs: Record<
  'cases' | 'turns' | 'repeats' | 'seed' | 'judge' | 'other-persona' | 'run' | 'max-rebought',
  WithDefault
> &
  Record<
    'model' | 'base-url' | 'key-env' | 'revision' | 'gguf' | 'user-prompt' | 'rubric' | 'name' | 'out',
    StringArgDef
  > &
  Record<'embedded' | 'costs' | 'tasks' | 'situations' | 'human' | 'same-model', BooleanArgDef> &
  RoleArgs<'user'> &
  RoleArgs<'judge'> = {
  model: { type: 'string', description: 'Name of the model to evaluate, as its server knows it.' },
  'base-url': {
    type: 'string',
    description: 'OpenAI-compatible server of --model, e.g. http://localhost:8000/v1.',
  },
  ...servedModelArgs,
  gguf: {
    type: 'string',
    description: 'GGUF file to evaluate in this process, or hf:owner/repository:quantisation.',
  },
  embedded: { type: 'boolean', description: 'Evaluate the embedded model.' },
  ...roleArgs(
    'user',
    `Model that plays the users (default: ${DEFAULT_OPENAI_MODEL} if OPENAI_API_KEY is set, else the embedded model).`,
  ),
  'user-prompt': userPromptArg,
  ...roleArgs('judge', 'Model that judges (default: the one that plays the users).'),
  judge: {
    type: 'string',
    default: 'model',
    description: 'model (LLM judge) or rules (no LLM: personas get preferences that code can check).',
  },
  rubric: rubricArg,
  'other-persona': otherPersonaArg,
  tasks: {
    type: 'boolean',
    description: 'Each user wants something done, such as a toast written, and the judge knows what.',
  },
  situations: {
    type: 'boolean',
    description: 'What users want depends on a situation, which changes, such as in a hurry or at leisure.',
  },
  human: {
    type: 'boolean',
    description:
      'Some users have a bad day, are excited or impatient, leave typos in, or say less than they want.',
  },
  costs: {
    type: 'boolean',
    description: 'Also measure what alignment cost: two probes after each case, and questions to the judge.',
  },
  cases: {
    type: 'string',
    default: '100',
    description: "Number of ALOE cases, or the directory of the authors' released evaluation files.",
  },
  turns: { type: 'string', default: '10', description: 'Turns per case.' },
  repeats: { type: 'string', default: '1', description: 'Simulations of each case.' },
  seed: { type: 'string', default: '7', description: 'Random seed. Same seed, same choices.' },
  name: { type: 'string', description: 'Name of the model in tables (default: its id).' },
  run: {
    type: 'string',
    default: 'runs/evaluate',
    description: 'Run directory. Reuse it to resume.',
  },
  ...reboughtArgs,
  out: {
    type: 'string',
    description: 'Result file (default: NAME.json in the run directory, or here if that is read-only).',
  },
};

export const evaluateCommand: CommandDef<typeof evaluateArgs> = defineCommand({
  meta: { name: 'evaluate', description: 'Evaluate a model on the ALOE benchmark.' },
  args: evaluateArgs,
  run: ({ args }) => {
    let flags = '';
    return guarded(
      async (signal) => {
        checkArguments(args, evaluateArgs);
        const turns = readNumber('turns', args.turns, { min: 1, whole: true });
        const repeats = readNumber('repeats', args.repeats, { min: 1, whole: true });
        const seed = readNumber('seed', args.seed, { min: 0, whole: true });
        const byRules = checkChoice('judge', args.judge, ['model', 'rules']) === 'rules';
        const rubric = readRubric(args.rubric);
        if (byRules && rubric !== undefined) {
          throw new InvalidOptionError('rubric', 'no rubric with --judge rules', rubric);
        }
        const maxRebought = readNumber('max-rebought', args['max-rebought'], { min: 0, whole: true });
        const otherPersona = readOtherPersona(args['other-persona']);
        const userPrompt = readUserPrompt(args['user-prompt']);
        const drawn = await chooseCases(args.cases, seed);
        const cases = changeCases(byRules ? ruleCases(drawn, { seed }) : drawn, { ...args, seed, turns });

        refuseMissing([
          ...missingForModel(args),
          ...(args['user-model'] === undefined ? missingForModel({}) : missingForRole('user', args)),
          ...missingForRole('judge', args),
        ]);
        const candidate = await chooseModel(args, signal);
        const other = (await chooseRoleModel('user', args, signal)) ?? (await chooseModel({}, signal));
        const users = promptUsers(userPrompt, other);
        const ownJudge = await chooseRoleModel('judge', args, signal);
        if (byRules && ownJudge !== undefined) {
          throw new InvalidOptionError('judge-model', 'no model with --judge rules', args['judge-model']);
        }
        const judging = ownJudge ?? other;
        const models: FlaggedModel[] = [
          { model: candidate.model, same: 'same-model', revision: 'revision' },
          flaggedRole(other.model, 'user'),
          ...(ownJudge === undefined ? [] : [flaggedRole(ownJudge.model, 'judge')]),
        ];
        const { sameModel, resumeFlags } = readWeights(models, args);
        flags = resumeFlags;
        const display = showProgress({ total: cases.length * repeats, turns, prices: {} });
        const run = await openRun(args.run, {
          seed,
          maxRebought,
          sameModel,
          onEvent: display.take,
        }).catch((error: unknown) => {
          display.stop();
          throw error;
        });
        display.stage = 'evaluation';
        const start = performance.now();
        try {
          const options: AloeEvaluatorOptions = {
            run,
            user: other.model,
            judge: byRules
              ? ruleJudge()
              : holisticJudge(judging.model, {
                  temperature: judging.temperatures?.judge,
                  rubric: rubric ?? judging.rubric,
                }),
            cases,
            otherPersona,
            habitCheck: args.human && !byRules ? judging.model : undefined,
            costs: args.costs && { judge: byRules ? undefined : judging.model },
            turns,
            repeats,
            prompts: { user: users.prompt },
            userMessages: users.userMessages,
            onEvent: display.take,
          };
          const evaluator = new AloeEvaluator(options);
          const name = args.name ?? candidate.model.id;
          const named = { name, model: candidate.model };
          const dir = run.readOnly ? '' : args.run;
          const path = resultPath({ out: args.out, name, dir, run: args.run });
          // Refuses weights that may be new, and models without a price, before anything is said of stored answers.
          for (const { model } of models) run.model(model);
          for (const chosen of new Set([candidate, other, judging])) {
            const caveat = describeChangedWeights(chosen, run);
            if (caveat !== '') display.say(caveat);
          }
          const estimate = await estimateRun({ evaluation: { ...options, candidates: [named] } });
          display.say(describeEstimate(estimate));
          checkRebought(estimate, maxRebought, args.run);
          const result = await evaluator.evaluate(named, { signal });
          await saveEvaluation(result, path);
          display.say(describeEvaluation(result));
          display.say(describeCost(run.stats(), performance.now() - start));
          display.say(`Result: ${path}\nTo compare it with others: aloe report ${path} …`);
          if (other.note !== '') display.say(other.note);
        } catch (error) {
          throw inFlags(error, models);
        } finally {
          display.stop();
          await run.close();
          await disposeOf(candidate);
          await disposeOf(other);
          if (ownJudge !== undefined) await disposeOf(ownJudge);
        }
      },
      () => `Run the same command again${flags ? ` with${flags}` : ''} to resume (${args.run}).`,
    );
  },
});

async function disposeOf({ model }: ChosenModel): Promise<void> {
  await model.dispose?.();
}
