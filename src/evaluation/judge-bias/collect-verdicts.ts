import { InvalidOptionError } from '../../errors.ts';
import { childSeed } from '../../internal/random.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { type ServedCount, ServedTally } from '../../runs/served/tally-served.ts';
import { mapWork } from '../../runs/work/map-work.ts';
import { workAtOnce } from '../../runs/work/work-at-once.ts';
import { lockJudge } from '../evaluation-lock.ts';
import type { EvaluationResult } from '../evaluation-result.ts';
import { toJudge } from '../evaluator-options.ts';
import type { Judge } from '../judge.ts';
import { checkJudge } from '../judged-turn.ts';
import { haveSameCases } from '../match-cases.ts';
import { drawOther } from '../personal/draw-other.ts';
import { toBenchmarkCase } from '../rejudge.ts';
import { firstOfEach } from '../repeats.ts';
import { askVerdicts, type VariantName, type VariantVerdict, type Verdicts } from './ask-verdicts.ts';
import { type CheckedBiasOptions, checkBiasOptions, type JudgeBiasOptions } from './bias-options.ts';
import { responsesOf, type SampledResponse, sampleResponses } from './sample-responses.ts';

/** What is to be asked. */
export interface VerdictPlan {
  readonly own: Judge;
  readonly played: readonly EvaluationResult[];
  readonly setting: CheckedBiasOptions;
  readonly sampled: readonly SampledResponse[];
  /** Number of replies that the sample was drawn from. */
  readonly of: number;
}

/** Checks everything and draws the sample. @throws InvalidOptionError as `judgeBias` does. */
export function planVerdicts(
  results: EvaluationResult | readonly EvaluationResult[],
  judge: Judge | ChatModel,
  options: JudgeBiasOptions,
): VerdictPlan {
  const setting = checkBiasOptions(options);
  const own = toJudge(judge, undefined);
  const played = checkResults(results);
  checkJudge(own, firstOfEach(played[0]!.cases).map(toBenchmarkCase), setting.run);
  if (setting.reword !== null) setting.run.model(setting.reword);
  const responses = responsesOf(played);
  if (responses.length === 0) {
    throw new InvalidOptionError('results', 'at least one reply that says something', undefined);
  }
  if (options.sample !== undefined && options.sample > responses.length) {
    throw new InvalidOptionError(
      'sample',
      `a whole number from 1 to ${responses.length}, the number of replies that say something`,
      options.sample,
    );
  }
  const sampled = sampleResponses(responses, setting.sample, setting.seed);
  return { own, played, setting, sampled, of: responses.length };
}

/** Asks for all verdicts of the sample. */
export async function collectVerdicts(
  { own, played, setting, sampled }: VerdictPlan,
  tally: ServedTally = new ServedTally(),
): Promise<Verdicts[]> {
  const { run, reword, seed, concurrency, onEvent, signal: stop } = setting;
  const cases = firstOfEach(played[0]!.cases).map(toBenchmarkCase);
  const others = new Map(
    cases.flatMap((own) => {
      const other = drawOther(own, cases, 'any', childSeed(seed, 'judge-bias', 'other-persona', own.id));
      return other === undefined ? [] : [[own.id, other] as const];
    }),
  );
  let done = 0;
  const tell = ({ candidate, turn, played: { caseId, repeat } }: SampledResponse) => {
    done += 1;
    onEvent({ type: 'response-end', candidate, caseId, repeat, turn, done, total: sampled.length });
  };
  const asked = mapWork<SampledResponse, AskedVerdicts>(
    run,
    sampled,
    {
      name: `bias of ${own.id}`,
      setting: () => ({ judge: lockJudge(own), reword: reword?.id, seed }),
      content: (response) => response,
      async play(response, signal) {
        const counted = new ServedTally();
        const verdicts = await askVerdicts(response, {
          judge: own,
          judgeRun: counted.around(run),
          reword: reword && run.model(reword),
          others,
          signal,
        });
        tell(response);
        return { score: verdicts.score, variants: [...verdicts.variants], served: counted.result() };
      },
      received: tell,
    },
    {
      concurrency: concurrency ?? workAtOnce(run, [reword, ...(own.models ?? [])]),
      order: 'input',
      signal: stop,
    },
  );
  const all = await Array.fromAsync(asked);
  return all.map(({ score, variants, served }, index) => {
    tally.add(served);
    return { sampled: sampled[index]!, score, variants: new Map(variants) };
  });
}

/** What was asked about one response, as JSON can hold it. */
interface AskedVerdicts extends Pick<Verdicts, 'score'> {
  readonly variants: readonly (readonly [VariantName, VariantVerdict])[];
  readonly served: readonly ServedCount[];
}

function checkResults(given: EvaluationResult | readonly EvaluationResult[]): readonly EvaluationResult[] {
  const results = Array.isArray(given) ? (given as readonly EvaluationResult[]) : [given as EvaluationResult];
  const [first] = results;
  if (first === undefined) throw new InvalidOptionError('results', 'at least one evaluation', given);
  for (const [index, result] of results.entries()) {
    const { name } = result.candidate;
    if (!haveSameCases(first, result)) {
      throw new InvalidOptionError(`results[${index}]`, 'the same cases and turns as the first', name);
    }
    if (results.findIndex(({ candidate }) => candidate.name === name) !== index) {
      throw new InvalidOptionError(`results[${index}]`, 'a candidate with a name of its own', name);
    }
  }
  return results;
}
