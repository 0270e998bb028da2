import type { EvaluatedCase } from '../evaluation/evaluated-case.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { improvementRate } from '../metrics/improvement-rate.ts';
import { mean } from '../metrics/mean.ts';
import { type TurnRow, turnRows } from './turn-rows.ts';

/** One simulation of a case as a flat row. A value that the result does not have is null. */
export interface CaseRow {
  /** Name of the candidate. */
  readonly candidate: string;
  /** Id of the candidate's model. */
  readonly model: string;
  /** Id of the judge. */
  readonly judge: string;
  readonly caseId: string;
  /** Which simulation of the case, from 1. */
  readonly repeat: number;
  /** Id of the persona, as before any drift. */
  readonly personaId: string;
  /** What the user wants done. */
  readonly task: string | null;
  /** Names of the user's habits, separated by spaces. */
  readonly habits: string | null;
  /** Number of turns played. */
  readonly turns: number;
  /** Number of responses with a score. */
  readonly scored: number;
  /** Mean score of the case, 1 to 5. */
  readonly average: number | null;
  /** Rise of the score per turn: the slope of the line through the scores of this case. */
  readonly improvementRate: number | null;
  /** The case whose persona the responses were also judged for. */
  readonly otherCase: string | null;
  /** Mean score for that persona. */
  readonly otherAverage: number | null;
  /** Mean of score minus other score, over the responses that have both. */
  readonly ownMinusOther: number | null;
  /** Share of the persona's statements revealed by the last turn, 0 to 1. */
  readonly revealedShare: number | null;
  /** The turn at which the case broke off. */
  readonly failedTurn: number | null;
  /** Whose call failed: `user` or `candidate`. */
  readonly failedRole: string | null;
  /** The error's code. */
  readonly failureCode: string | null;
}

/** Every simulation of a result, in its order. */
export function caseRows(result: EvaluationResult): CaseRow[] {
  return result.cases.map((played) => caseRow(result, played));
}

function caseRow(result: EvaluationResult, played: EvaluatedCase): CaseRow {
  const { candidate, lock } = result;
  const { caseId, repeat, persona, task, habits, otherCase, failure } = played;
  const turns = turnRows({ ...result, cases: [played] });
  const column = (name: 'score' | 'otherScore' | 'ownMinusOther'): (number | null)[] =>
    turns.map((row: TurnRow) => row[name]);
  const scores = column('score');
  return {
    candidate: candidate.name,
    model: candidate.model,
    judge: lock.judge.id,
    caseId,
    repeat,
    personaId: persona.id,
    task: task ?? null,
    habits: habits?.map(({ name }) => name).join(' ') ?? null,
    turns: turns.length,
    scored: scores.filter((score) => score !== null).length,
    average: mean(scores),
    improvementRate: turns.length === 0 ? null : (improvementRate(scores)?.slope ?? null),
    otherCase: otherCase ?? null,
    otherAverage: mean(column('otherScore')),
    ownMinusOther: mean(column('ownMinusOther')),
    revealedShare: turns.at(-1)?.revealedShare ?? null,
    failedTurn: failure?.turn ?? null,
    failedRole: failure?.role ?? null,
    failureCode: failure?.code ?? null,
  };
}
