import { type BenchmarkCase, userOf } from '../benchmark/benchmark-case.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { memoryRun, type Run } from '../runs/run.ts';
import { type ServedCount, ServedTally } from '../runs/served/tally-served.ts';
import { mapWork } from '../runs/work/map-work.ts';
import { answersInBatches, workAtOnce } from '../runs/work/work-at-once.ts';
import { displayEvaluation } from './describe/display-evaluation.ts';
import type { EvaluatedCase, EvaluatedTurn } from './evaluated-case.ts';
import type { EvaluationEvent } from './evaluation-events.ts';
import { lockJudge } from './evaluation-lock.ts';
import type { EvaluationResult } from './evaluation-result.ts';
import { toJudge } from './evaluator-options.ts';
import { isSilence, type Judge } from './judge.ts';
import { checkJudge, conversationAt, judgeTurn } from './judged-turn.ts';
import { checkOtherPersona, drawOthers, type OtherPersonaDraw } from './personal/draw-other.ts';
import { caseWork } from './play-case.ts';
import { isWholeCase, tellCase } from './received-case.ts';
import { firstOfEach, simulationSubject } from './repeats.ts';
import { isSilent } from './silent-response.ts';
import { summarize } from './summarize.ts';

/** A simulation with new verdicts, and who gave them. */
interface RejudgedCase {
  readonly evaluated: EvaluatedCase;
  readonly served: readonly ServedCount[];
}

/** Options of {@link rejudge}. */
export interface RejudgeOptions {
  /** Journal and seeds of the judge's calls. Default: a run in memory with the seed of the result. */
  readonly run?: Run | undefined;
  /**
   * Which other personas own minus other is measured with: `any` or `opposite` draws them as the evaluator does, false
   * measures none. Default: those of the result, if it has any.
   */
  readonly otherPersona?: OtherPersonaDraw | false | undefined;
  /** Number of simulations judged at the same time. Default: the run's `concurrency`, and 10,000 if the judge answers in batches. */
  readonly concurrency?: number | undefined;
  /** Called with the same events as an evaluation. */
  readonly onEvent?: ((event: EvaluationEvent) => void) | undefined;
  /** Aborts; `rejudge` rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Scores the conversations of a result with another judge. Only verdicts are generated; the lock of the new result
 * names the new judge. With the original run and judge, all verdicts come from the journal.
 *
 * @example
 * ```ts
 * import { holisticJudge, readEvaluation, rejudge } from 'aloe-align';
 * import { openai } from 'aloe-align/models/openai';
 *
 * const strict = await rejudge(await readEvaluation('base.json'), holisticJudge(openai('gpt-4o')));
 * ```
 *
 * @throws InvalidOptionError, before any call, if an option is invalid or the judge refuses a case. Errors that every
 * call would hit are rethrown. On abort, the signal's reason.
 */
export async function rejudge(
  result: EvaluationResult,
  judge: Judge | ChatModel,
  options: RejudgeOptions = {},
): Promise<EvaluationResult> {
  checkKnownOptions<RejudgeOptions>('rejudge()', options, {
    run: true,
    otherPersona: true,
    concurrency: true,
    onEvent: true,
    signal: true,
  });
  const own = toJudge(judge, undefined);
  const candidate = result.candidate.name;
  const { run = memoryRun({ seed: result.lock.seed }), onEvent = () => {} } = options;
  const concurrency = checkNumber('concurrency', options.concurrency ?? workAtOnce(run, own.models ?? []), {
    min: 1,
    integer: true,
  });
  const benchmarkCases = firstOfEach(result.cases).map(toBenchmarkCase);
  const otherPersona =
    options.otherPersona === undefined
      ? result.otherPersona
      : checkOtherPersona(options.otherPersona, 'otherPersona');
  const others =
    options.otherPersona === undefined
      ? recordedOthers(result, benchmarkCases)
      : drawOthers(benchmarkCases, otherPersona, run);
  checkJudge(own, benchmarkCases, run);

  // Otherwise one after the other: each request then begins with the last one, which providers charge less for.
  const inBatches = (own.models ?? []).some(answersInBatches);

  async function judgeCase(played: EvaluatedCase, signal: AbortSignal): Promise<RejudgedCase> {
    const tally = new ServedTally();
    const judgeRun = tally.around(run);
    const { otherCase: _former, ...kept } = played;
    const { caseId, repeat, failure } = kept;
    const ofThis = { candidate, caseId, repeat };
    const subject = simulationSubject(caseId, repeat);
    const other = others.get(caseId);
    const turns: EvaluatedTurn[] = [];

    async function judgeAgain(before: EvaluatedTurn): Promise<EvaluatedTurn> {
      const { otherJudgement: _former, ...rest } = before;
      const { turn, response } = rest;
      const conversation = conversationAt(played.turns, turn);
      const silence = saidNothing(before) ? before.judgement : undefined;
      const judged = await judgeTurn(
        {
          benchmarkCase: toBenchmarkCase(played),
          subject,
          other,
          candidate,
          turn,
          conversation,
          response,
          silence,
        },
        { judge: own, run: judgeRun, signal },
      );
      return { ...rest, ...judged };
    }

    onEvent({ type: 'case-start', ...ofThis });
    for (const together of inBatches ? [played.turns] : played.turns.map((turn) => [turn])) {
      for (const judged of await Promise.all(together.map(judgeAgain))) {
        turns.push(judged);
        const { turn, judgement } = judged;
        onEvent({ type: 'turn-end', ...ofThis, turn, score: judgement.score, status: judgement.status });
      }
    }
    const judged = { ...kept, ...(other !== undefined && { otherCase: other.id }), turns };
    onEvent({ type: 'case-end', ...ofThis, failure, played: judged });
    return { evaluated: judged, served: tally.result() };
  }

  const rejudged = await Array.fromAsync(
    mapWork<EvaluatedCase, RejudgedCase>(
      run,
      result.cases,
      {
        name: `verdicts on ${candidate}`,
        work(played) {
          const benchmarkCase = toBenchmarkCase(played);
          const { outcome, ...work } = caseWork({ benchmarkCase, repeat: played.repeat }, candidate);
          return { ...work, outcome: ({ evaluated }) => outcome(evaluated) };
        },
        setting: () => ({ judge: lockJudge(own), otherPersona, candidate: result.candidate }),
        content: (played) => played,
        play: judgeCase,
        isWhole: ({ evaluated }) => isWholeCase(evaluated),
        received: (_, { evaluated }) => tellCase(evaluated, candidate, onEvent),
      },
      { concurrency, order: 'input', signal: options.signal },
    ),
  );
  const cases = rejudged.map(({ evaluated }) => evaluated);
  const tally = new ServedTally();
  for (const { served } of rejudged) tally.add(served);
  const served = { ...result.served, judge: tally.result() };
  const lock = { ...result.lock, judge: lockJudge(own, served.judge) };
  const judged = displayEvaluation({
    ...result,
    served,
    lock,
    otherPersona,
    cases,
    ...summarize(cases, lock),
  });
  onEvent({ type: 'evaluation-end', candidate, result: judged });
  return judged;
}

/** No judge rated it, so its judgement holds for every judge. */
function saidNothing({ response, judgement }: EvaluatedTurn): boolean {
  return isSilent(response) && isSilence(judgement.status);
}

/** The other cases that the result was judged for. */
function recordedOthers(
  { cases }: EvaluationResult,
  benchmarkCases: readonly BenchmarkCase[],
): ReadonlyMap<string, BenchmarkCase> {
  const byId = new Map(benchmarkCases.map((benchmarkCase) => [benchmarkCase.id, benchmarkCase]));
  return new Map(
    cases.flatMap(({ caseId, otherCase }) => {
      const other = otherCase === undefined ? undefined : byId.get(otherCase);
      return other === undefined ? [] : [[caseId, other]];
    }),
  );
}

/** The case of a simulation. */
export function toBenchmarkCase(played: EvaluatedCase): BenchmarkCase {
  return { id: played.caseId, ...userOf(played) };
}
