import { displayed } from '../../internal/displayed.ts';
import { adjustPValues } from '../../metrics/index.ts';
import { mean } from '../../metrics/mean.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { lockPrompt } from '../../models/locked-prompt.ts';
import { ServedTally } from '../../runs/served/tally-served.ts';
import { lockJudge } from '../evaluation-lock.ts';
import type { EvaluationResult } from '../evaluation-result.ts';
import { RESAMPLING } from '../evaluation-statistics.ts';
import type { Judge } from '../judge.ts';
import { exampleResponse } from '../prompts/example-variables.ts';
import { rewordPrompt } from '../prompts/reword.ts';
import type { VariantName, Verdicts } from './ask-verdicts.ts';
import type { JudgeBiasOptions } from './bias-options.ts';
import { BIAS_NAMES, type JudgeBias } from './bias-result.ts';
import { collectVerdicts, planVerdicts } from './collect-verdicts.ts';
import { describeJudgeBias } from './describe-judge-bias.ts';
import { measureChanges } from './measure-changes.ts';
import { measureFamily } from './measure-family.ts';
import { measureLength } from './measure-length.ts';

/**
 * Asks how far one can trust a judge, on conversations that have been played. A sample of replies is judged as it is and
 * with one thing changed at a time: padded without content, in other words, with a plea for a good score, in bold, for a
 * persona whose statements stand in another order, for another persona, and once more with nothing changed, which is the
 * noise to read all others against. From the scores in the results, if they are this judge's, it also reads whether longer
 * replies, and those of the judge's own model family, score higher.
 *
 * @param results One or several evaluations of the same cases. Their conversations are read, nothing is played.
 *
 * @example
 * ```ts
 * import { describeJudgeBias, holisticJudge, judgeBias, openRun, readEvaluation } from 'aloe-align';
 *
 * const run = await openRun('runs/judge-bias');
 * const results = [await readEvaluation('bare.json'), await readEvaluation('tuned.json')];
 * const bias = await judgeBias(results, holisticJudge(gpt), { run, reword: gpt });
 * console.log(describeJudgeBias(bias));
 * ```
 *
 * @throws InvalidOptionError, before any call, if an option is invalid, the results have different cases or two of them the
 * same candidate name, no reply says anything, or the judge refuses a case. Errors that every call would hit are rethrown.
 * On abort, the signal's reason.
 */
export async function judgeBias(
  results: EvaluationResult | readonly EvaluationResult[],
  judge: Judge | ChatModel,
  options: JudgeBiasOptions = {},
): Promise<JudgeBias> {
  const plan = planVerdicts(results, judge, options);
  const { own, played, setting, sampled, of } = plan;
  const { seed, reword, family } = setting;
  const tally = new ServedTally();
  const verdicts = await collectVerdicts(plan, tally);
  const foreign = played.filter(({ lock }) => lock.judge.id !== own.id);
  const scored = foreign.length === 0 ? played : [];
  const which = foreign.length === played.length ? 'the' : 'some of the';
  const reason = `the scores in ${which} results are of another judge: rejudge them with this one first`;
  const measures = BIAS_NAMES.map((name) => {
    if (name === 'length') return measureLength(scored, { seed, reason });
    if (name === 'own-family') {
      return measureFamily(scored, { judge: own, familyOf: family, seed, reason });
    }
    return measureChanges(name, verdicts, { seed, reason: WHY_NOT[name] ?? 'it was not asked' });
  });
  const adjusted = adjustPValues(measures.map(({ pValue }) => pValue));
  const scores = verdicts.flatMap(({ score }) => score ?? []);
  const bias: JudgeBias = {
    schema: 'aloe-judge-bias/1',
    judge: lockJudge(own, tally.result()),
    reword: reword && {
      model: reword.id,
      prompt: lockPrompt(
        rewordPrompt,
        { response: exampleResponse, words: 12, length: 'same' },
        { response: exampleResponse, words: 12, length: 'double' },
      ),
    },
    candidates: played.map(({ candidate }) => candidate.name),
    seed,
    confidence: RESAMPLING.confidence,
    sampled: {
      responses: sampled.length,
      of,
      cases: new Set(sampled.map((response) => response.played.caseId)).size,
    },
    meanScore: mean(scores),
    isConstant: isConstant(verdicts),
    measures: measures.map((measure, index) => ({ ...measure, adjustedPValue: adjusted[index]! })),
  };
  return displayed(bias, describeJudgeBias);
}

/** Whether every verdict, those on changed replies included, is the same score. */
function isConstant(verdicts: readonly Verdicts[]): boolean {
  const scores = verdicts.flatMap(({ score, variants }) =>
    [score, ...Array.from(variants.values(), (own) => own.score)].filter((own) => own !== null),
  );
  return scores.length > 1 && new Set(scores).size === 1;
}

/** Why a change could not be asked of any reply. */
const WHY_NOT: Readonly<Partial<Record<VariantName, string>>> = {
  padded: 'no reply has words',
  lengthened: 'no model to reword replies was given',
  reworded: 'no model to reword replies was given',
  order: 'no persona has two facts or two traits',
  'other-persona': 'no case has another with a different profile and a different personality',
};
