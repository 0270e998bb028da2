import type { BenchmarkCase } from '../benchmark/benchmark-case.ts';
import type { OpenedModel } from '../config/opened-model.ts';
import { describeEstimate } from '../estimate/describe-estimate.ts';
import { estimateRun } from '../estimate/estimate-run.ts';
import { AloeEvaluator } from '../evaluation/aloe-evaluator.ts';
import { describeEvaluation } from '../evaluation/describe/describe-evaluation.ts';
import { saveEvaluation } from '../evaluation/evaluation-file.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import type { AloeEvaluatorOptions } from '../evaluation/evaluator-options.ts';
import { holisticJudge } from '../evaluation/judges/holistic-judge.ts';
import type { JudgeRubric } from '../evaluation/judges/rubrics.ts';
import { ruleJudge } from '../evaluation/judges/rule-judge.ts';
import { formatReasons, type MissingScores, missingScores } from '../evaluation/missing-scores.ts';
import type { OtherPersonaDraw } from '../evaluation/personal/draw-other.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { PromptedUsers } from '../pipeline/prompted-users.ts';
import type { Budget } from '../runs/ledger.ts';
import { describeChangedWeights } from './changed-weights.ts';
import { checkWritable } from './check-writable.ts';
import { costInJson } from './cost.ts';
import { EXIT } from './exit-status.ts';
import { checkGate, describeGate, type Gate } from './gate.ts';
import { openCommandRun } from './open-command-run.ts';
import { showProgress } from './progress-display.ts';
import { describeCost } from './quickstart-report.ts';
import { checkRebought } from './rebought.ts';
import { resultPath } from './result-path.ts';
import type { Outcome } from './verb.ts';

/** Options of {@link evaluate}. */
export interface EvaluateOptions {
  readonly candidate: OpenedModel;
  /** Of the candidate, in tables. */
  readonly name: string;
  /** Plays the users. */
  readonly user: OpenedModel;
  readonly judging: OpenedModel | 'rules';
  /** All models of the command, for the run to check before anything is said of stored answers. */
  readonly models: readonly ChatModel[];
  readonly rubric: JudgeRubric | undefined;
  readonly cases: readonly BenchmarkCase[];
  readonly turns: number;
  readonly repeats: number;
  readonly seed: number;
  readonly otherPersona: OtherPersonaDraw | false;
  readonly costs: boolean;
  /** Whether users have habits, which a model then looks for. */
  readonly human: boolean;
  readonly users: PromptedUsers;
  /** Run directory. */
  readonly dir: string;
  /** Result file. Default: NAME.json in the run directory, or in the current one if that is read-only. */
  readonly out: string | undefined;
  readonly maxRebought: number;
  readonly budget: Budget;
  /** See `openRun`. */
  readonly sameModel: readonly string[];
  readonly gate: Gate | undefined;
  readonly signal: AbortSignal;
}

/** The work of `aloe evaluate`. */
export async function evaluate(options: EvaluateOptions): Promise<Outcome> {
  const { candidate, name, user, judging, cases, turns, repeats, seed, dir, maxRebought, gate } = options;
  const judgeModel = judging === 'rules' ? undefined : judging.model;
  const display = showProgress({ total: cases.length * repeats, turns, prices: {} });
  const run = await openCommandRun(
    dir,
    {
      seed,
      maxRebought,
      budget: options.budget,
      sameModel: options.sameModel,
    },
    display,
  );
  display.stage = 'evaluation';
  const start = performance.now();
  try {
    const evaluatorOptions: AloeEvaluatorOptions = {
      run,
      user: user.model,
      judge:
        judging === 'rules'
          ? ruleJudge()
          : holisticJudge(judging.model, {
              temperature: judging.temperatures?.judge,
              rubric: options.rubric ?? judging.rubric,
            }),
      cases,
      otherPersona: options.otherPersona,
      habitCheck: options.human ? judgeModel : undefined,
      costs: options.costs && { judge: judgeModel },
      turns,
      repeats,
      prompts: { user: options.users.prompt },
      userMessages: options.users.userMessages,
      onEvent: display.take,
    };
    const evaluator = new AloeEvaluator(evaluatorOptions);
    const named = { name, model: candidate.model };
    const path = resultPath({ out: options.out, name, dir: run.readOnly ? '' : dir, run: dir });
    await checkWritable('out', path);
    // Refuses weights that may be new, and models without a price, before anything is said of stored answers.
    for (const model of options.models) run.model(model);
    for (const chosen of new Set([candidate, user, judging])) {
      const caveat = chosen === 'rules' ? '' : describeChangedWeights(chosen, run);
      if (caveat !== '') display.say(caveat);
    }
    const judgeName = judging === 'rules' ? 'rules' : judging.model.id;
    display.say(`Evaluating ${candidate.model.id}. Users: ${user.model.id}. Judge: ${judgeName}.`);
    const estimate = await estimateRun({ evaluation: { ...evaluatorOptions, candidates: [named] } });
    display.say(describeEstimate(estimate));
    checkRebought(estimate, maxRebought, dir);
    const result = await evaluator.evaluate(named, { signal: options.signal });
    await saveEvaluation(result, path);

    const durationMs = performance.now() - start;
    display.say(describeCost(run.stats(), durationMs));
    display.say(`To compare it with others: aloe compare ${path} OTHER.json, or aloe report ${path} …`);
    if (user.note !== '') display.say(user.note);
    const missing = missingScores(result);
    if (missing.responses > 0) display.say(describeIncomplete(missing, cases.length * repeats * turns));
    const met = gate && checkGate(gate, result.average, result.statistics.average);
    if (met) display.say(describeGate(met, `the average level of ${name}`));
    return {
      text: `${describeEvaluation(result)}\nResult: ${path}`,
      json: {
        result: path,
        evaluation: withoutCases(result),
        missing,
        ...(met && { gate: met }),
        cost: costInJson(run.stats(), durationMs),
        ...(user.note !== '' && { note: user.note }),
      },
      // With scores missing, the level is not the one that the gate is about.
      status: missing.responses > 0 ? EXIT.failed : met?.met === false ? EXIT.gate : EXIT.done,
    };
  } finally {
    display.stop();
    await run.close();
  }
}

function describeIncomplete({ responses, reasons }: MissingScores, asked: number): string {
  return `Incomplete: ${responses} of ${asked} responses have no score (${formatReasons(reasons)}), so the exit status is ${EXIT.failed}.`;
}

/** The conversations are in the result file. */
function withoutCases({ cases: _, ...rest }: EvaluationResult): Omit<EvaluationResult, 'cases'> {
  return rest;
}
