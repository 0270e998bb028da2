import { join } from 'node:path';
import type { BenchmarkCase } from '../benchmark/benchmark-case.ts';
import { ruleCases } from '../benchmark/rule-cases.ts';
import type { GenerationSettings } from '../conversations/generation-settings.ts';
import { InvalidOptionError } from '../errors.ts';
import { AloeEvaluator } from '../evaluation/aloe-evaluator.ts';
import type { Candidate } from '../evaluation/candidate.ts';
import { saveEvaluation } from '../evaluation/evaluation-file.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { type AloeEvaluatorOptions, evaluatorScalars } from '../evaluation/evaluator-options.ts';
import type { Judge } from '../evaluation/judge.ts';
import { holisticJudge } from '../evaluation/judges/holistic-judge.ts';
import { ruleJudge } from '../evaluation/judges/rule-judge.ts';
import { candidatesOf, isMade, openCandidates } from './candidates.ts';
import { changeCases } from './change-cases.ts';
import { chooseCases, DEFAULT_CASES } from './choose-cases.ts';
import type { Pipeline } from './pipeline.ts';
import { promptUsers } from './prompted-users.ts';

/** The options of the `AloeEvaluator` that a config describes. */
export async function evaluatorOptions(pipeline: Pipeline): Promise<AloeEvaluatorOptions> {
  const { config, run, model, onEvent } = pipeline;
  const {
    candidates: _candidates,
    cases = DEFAULT_CASES,
    judge: judging = 'model',
    rubric: _rubric,
    tasks: _tasks,
    situations: _situations,
    human,
    costs,
    userMessages,
    responses,
    ...options
  } = config.evaluation ?? {};
  const byRules = judging === 'rules';
  const user = model('user');
  const users = promptUsers(config.userPrompt, user);
  const judgeModel = byRules ? undefined : model('judge').model;
  return {
    ...options,
    run,
    user: user.model,
    judge: byRules ? ruleJudge() : openJudge(pipeline),
    inducer: 'words',
    cases: await casesOf(pipeline, cases),
    habitCheck: human ? judgeModel : undefined,
    costs: costs && { judge: judgeModel },
    prompts: { user: users.prompt },
    userMessages: { ...users.userMessages, ...userMessages },
    responses: { ...sharedResponses(pipeline), ...responses },
    onEvent,
  };
}

/** The cases of a number or directory, with what the config changes in their users. */
async function casesOf({ config, run }: Pipeline, given: number | string): Promise<readonly BenchmarkCase[]> {
  const { judge, tasks, situations, human, turns: givenTurns } = config.evaluation ?? {};
  const { seed } = run;
  const drawn = await chooseCases(given, { seed, option: 'evaluation.cases' });
  const turns = evaluatorScalars.turns(givenTurns, 'evaluation.turns');
  return changeCases(judge === 'rules' ? ruleCases(drawn, { seed }) : drawn, {
    tasks,
    situations,
    human,
    seed,
    turns,
  });
}

/** The candidates of a pipeline, with other users for those that need them. */
export async function evaluatedCandidates(pipeline: Pipeline): Promise<readonly Candidate[]> {
  const needsOthers = candidatesOf(pipeline.config).some(
    (given) => !isMade(given) && given.method === 'wrong-persona',
  );
  return openCandidates(pipeline, needsOthers ? await otherUsers(pipeline) : undefined);
}

/**
 * Whose personas the method `wrong-persona` tells: all of the same kind as those that are evaluated, which may be too few.
 * Undefined for the plain ones, which are its default.
 */
async function otherUsers(pipeline: Pipeline): Promise<readonly BenchmarkCase[] | undefined> {
  const { cases, judge, human } = pipeline.config.evaluation ?? {};
  if (typeof cases === 'string') return casesOf(pipeline, cases);
  return judge === 'rules' || human ? casesOf(pipeline, DEFAULT_CASES) : undefined;
}

/** All candidates are asked in the same way. What suits small models applies if all of them are small. */
function sharedResponses({ config, modelOf }: Pipeline): GenerationSettings | undefined {
  const candidates = candidatesOf(config);
  const settings = candidates.map((candidate) =>
    isMade(candidate) ? undefined : modelOf(candidate).responses,
  );
  return settings.includes(undefined) ? undefined : settings[0];
}

function openJudge({ config, model }: Pipeline): Judge {
  const { model: judge, temperatures, rubric } = model('judge');
  return holisticJudge(judge, {
    temperature: temperatures?.judge,
    rubric: config.evaluation?.rubric ?? rubric,
  });
}

/** One evaluated candidate, and the file of its result. */
export interface SavedEvaluation {
  readonly result: EvaluationResult;
  readonly path: string;
}

/**
 * Evaluates each candidate of a config, one after the other, and saves each result as soon as it is there.
 *
 * @param out The file of the result, if there is one candidate. Default: a file for each in the results of the run.
 */
export async function* evaluate(
  pipeline: Pipeline,
  { out }: { readonly out?: string | undefined } = {},
): AsyncGenerator<SavedEvaluation, void, undefined> {
  const evaluator = new AloeEvaluator(await evaluatorOptions(pipeline));
  const candidates = await evaluatedCandidates(pipeline);
  if (out !== undefined && candidates.length > 1) {
    throw new InvalidOptionError('out', 'one candidate', `${candidates.length} candidates`);
  }
  const paths = fileNames(candidates).map((name) => out ?? join(pipeline.files.results, name));
  for (const [index, candidate] of candidates.entries()) {
    const result = await evaluator.evaluate(candidate, { signal: pipeline.signal });
    const path = paths[index]!;
    await saveEvaluation(result, path);
    yield { result, path };
  }
}

/** A file for each candidate. Letters and digits of every script are kept; `a/b` and `a-b` get different names. */
function fileNames(candidates: readonly Candidate[]): readonly string[] {
  const taken = new Set<string>();
  return candidates.map(({ name }) => {
    const stem = name.replaceAll(/[^\p{L}\p{M}\p{N}_.-]+/gu, '-');
    let own = stem;
    // Some file systems ignore case.
    for (let count = 2; taken.has(own.toLowerCase()); count++) own = `${stem}-${count}`;
    taken.add(own.toLowerCase());
    return `${own}.json`;
  });
}
