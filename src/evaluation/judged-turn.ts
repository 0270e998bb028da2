import {
  type BenchmarkCase,
  type CaseAtTurn,
  caseAt,
  caseInPlaceOf,
  turnsOfChange,
} from '../benchmark/benchmark-case.ts';
import { InvalidOptionError } from '../errors.ts';
import { assistant, type Message, user } from '../messages.ts';
import type { CallPlace } from '../models/place.ts';
import type { Run } from '../runs/run.ts';
import type { EvaluatedTurn } from './evaluated-case.ts';
import type { Judge, Judgement } from './judge.ts';
import { judgeResponse } from './judge-response.ts';
import { isSilent } from './silent-response.ts';

// Replaces an empty response: many servers reject empty messages.
const NO_WORDS = '…';

/** The response as it appears in the rest of the conversation. */
export function spoken(response: string): Message {
  return assistant(isSilent(response) ? NO_WORDS : response);
}

/** The conversation up to a turn, ending with that turn's user message. */
export function conversationAt(
  turns: readonly { readonly user: string; readonly response: string }[],
  turn: number,
): Message[] {
  return turns
    .slice(0, turn)
    .flatMap((played) => [user(played.user), spoken(played.response)])
    .slice(0, -1);
}

/** The place of a call in an evaluation. `subject` is that of the simulation. */
export function evaluationPlace(subject: string, candidate: string, role: string, turn: number): CallPlace {
  return { task: 'evaluation', subject: `${subject}/${candidate}`, turn, role };
}

/** A turn to judge. */
export interface JudgedTurn {
  readonly benchmarkCase: BenchmarkCase;
  /** What the calls of the simulation are about. */
  readonly subject: string;
  /** The case whose persona the response is also judged for; undefined for none. */
  readonly other: BenchmarkCase | undefined;
  /** Name of the candidate. */
  readonly candidate: string;
  /** From 1. */
  readonly turn: number;
  readonly conversation: readonly Message[];
  readonly response: string;
  /** The judgement of a response that says nothing. It holds for every persona, and no judge is asked. */
  readonly silence?: Judgement | undefined;
}

export interface JudgeTurnOptions {
  readonly judge: Judge;
  readonly run: Run;
  readonly signal: AbortSignal;
}

/**
 * Judges one turn for its user and, at the same time, for the other persona, during an evaluation or in `rejudge`. The
 * same run, judge and text give the same journaled calls.
 */
export async function judgeTurn(
  { benchmarkCase, subject, other, candidate, turn, conversation, response, silence }: JudgedTurn,
  { judge, run, signal }: JudgeTurnOptions,
): Promise<Pick<EvaluatedTurn, 'judgement' | 'otherJudgement'>> {
  async function judgeFor(current: CaseAtTurn, role: string): Promise<Judgement> {
    if (silence !== undefined) return silence;
    const place = evaluationPlace(subject, candidate, role, turn);
    const input = { case: current, conversation, response };
    return judgeResponse(judge, input, { signal, place, seed: run.seedFor(place), run });
  }
  const [judgement, otherJudgement] = await Promise.all([
    judgeFor(caseAt(benchmarkCase, turn), 'judge'),
    other && judgeFor(caseInPlaceOf(other, benchmarkCase, turn), 'judge:other'),
  ]);
  return { judgement, ...(otherJudgement !== undefined && { otherJudgement }) };
}

/**
 * Checks a judge before anything is paid for.
 *
 * @throws InvalidOptionError if it refuses a case, with the persona of any of its turns, or if one of its models has
 * no price and the run's budget is in dollars.
 */
export function checkJudge(judge: Judge, cases: readonly BenchmarkCase[], run: Run): void {
  if (judge.models !== undefined && !Array.isArray(judge.models)) {
    throw new InvalidOptionError('judge.models', 'a list of ChatModels', judge.models);
  }
  for (const model of judge.models ?? []) run.model(model);
  for (const benchmarkCase of cases) {
    for (const turn of turnsOfChange(benchmarkCase)) judge.checkCase?.(caseAt(benchmarkCase, turn));
  }
}
