import { type BenchmarkCase, caseAt } from '../benchmark/benchmark-case.ts';
import { assistant, type Message, user } from '../messages.ts';
import type { CallPlace } from '../models/place.ts';
import type { Run } from '../runs/run.ts';
import type { Judge, Judgement } from './judge.ts';
import { judgeResponse } from './judge-response.ts';

// Stands for a response that was empty: many servers refuse an empty message.
const NO_WORDS = '…';

/** A response as the conversation goes on with it. */
export function spoken(response: string): Message {
  return assistant(response.trim() === '' ? NO_WORDS : response);
}

/** The conversation up to a turn of it, ending with the user's message. */
export function conversationAt(
  turns: readonly { readonly user: string; readonly response: string }[],
  turn: number,
): Message[] {
  return turns
    .slice(0, turn)
    .flatMap((played) => [user(played.user), spoken(played.response)])
    .slice(0, -1);
}

/** Where a call of an evaluation stands. */
export function evaluationPlace(caseId: string, candidate: string, role: string, turn: number): CallPlace {
  return { task: 'evaluation', subject: `${caseId}/${candidate}`, turn, role };
}

export interface JudgedTurn {
  readonly benchmarkCase: BenchmarkCase;
  /** Name of the candidate. */
  readonly candidate: string;
  /** From 1. */
  readonly turn: number;
  readonly conversation: readonly Message[];
  readonly response: string;
}

export interface JudgeTurnOptions {
  readonly judge: Judge;
  readonly run: Run;
  readonly signal: AbortSignal;
}

/** Judges one turn, while it is played or long after: with the same run, the same judge and the same words it is the same call. */
export function judgeTurn(
  { benchmarkCase, candidate, turn, conversation, response }: JudgedTurn,
  { judge, run, signal }: JudgeTurnOptions,
): Promise<Judgement> {
  const place = evaluationPlace(benchmarkCase.id, candidate, 'judge', turn);
  const input = { case: caseAt(benchmarkCase, turn), conversation, response };
  return judgeResponse(judge, input, { signal, place, seed: run.seedFor(place), run });
}

/** @throws InvalidOptionError for a case that the judge cannot judge, before or after a change of its user. */
export function checkCasesFor(judge: Judge, cases: readonly BenchmarkCase[]): void {
  for (const benchmarkCase of cases) {
    judge.checkCase?.(caseAt(benchmarkCase, 1));
    if (benchmarkCase.drift !== undefined) judge.checkCase?.(caseAt(benchmarkCase, benchmarkCase.drift.turn));
  }
}
