import { personaAt, situationAt } from '../benchmark/benchmark-case.ts';
import type { EvaluatedCase, EvaluatedTurn } from '../evaluation/evaluated-case.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import type { JudgementStatus } from '../evaluation/judge.ts';
import { bothScores } from '../evaluation/personal/both-scores.ts';
import { numberStatements } from '../personas/persona.ts';

/** One response of an evaluation as a flat row. A value that the result does not have is null. */
export interface TurnRow {
  /** Name of the candidate. */
  readonly candidate: string;
  /** Id of the candidate's model. */
  readonly model: string;
  /** Id of the judge. */
  readonly judge: string;
  readonly caseId: string;
  /** Which simulation of the case, from 1. */
  readonly repeat: number;
  /** From 1. */
  readonly turn: number;
  /** Id of the persona at this turn. */
  readonly personaId: string;
  /** What the user wants done. */
  readonly task: string | null;
  /** Name of the situation that the user is in at this turn. */
  readonly situation: string | null;
  /** The user's message. */
  readonly user: string;
  readonly response: string;
  /** 1 to 5. */
  readonly score: number | null;
  /** Where the score comes from, or why there is none. */
  readonly status: JudgementStatus;
  /** The judge's reason. */
  readonly rationale: string | null;
  /** Sub-score, 1 to 5. */
  readonly tone: number | null;
  /** Sub-score, 1 to 5. */
  readonly form: number | null;
  /** Sub-score, 1 to 5. */
  readonly uptake: number | null;
  /** Ids of the statements that the response honours, separated by spaces. */
  readonly honoured: string | null;
  /** Ids of the statements that the response goes against, separated by spaces. */
  readonly violated: string | null;
  /** The case whose persona the response was also judged for. */
  readonly otherCase: string | null;
  /** The score for that persona, 1 to 5. */
  readonly otherScore: number | null;
  /** Score minus the score for the other persona. Of a panel, over the votes that both have. */
  readonly ownMinusOther: number | null;
  /** Ids of the statements revealed so far, separated by spaces. */
  readonly revealed: string | null;
  /** Their share of the persona's statements, 0 to 1. */
  readonly revealedShare: number | null;
  /** The problem that the user's message still has. */
  readonly userProblem: string | null;
}

/** Every response of a result, in the order of cases and turns. */
export function turnRows(result: EvaluationResult): TurnRow[] {
  return result.cases.flatMap((played) => played.turns.map((turn) => turnRow(result, played, turn)));
}

function turnRow({ candidate, lock }: EvaluationResult, played: EvaluatedCase, each: EvaluatedTurn): TurnRow {
  const { turn, user, response, judgement, otherJudgement, checks, revealed } = each;
  const { score, status, rationale, aspects, honoured, violated } = judgement;
  const { own, other } = bothScores(each);
  const persona = personaAt(played, turn);
  return {
    candidate: candidate.name,
    model: candidate.model,
    judge: lock.judge.id,
    caseId: played.caseId,
    repeat: played.repeat,
    turn,
    personaId: persona.id,
    task: played.task ?? null,
    situation: situationAt(played, turn)?.name ?? null,
    user,
    response,
    score,
    status,
    rationale: rationale ?? null,
    tone: aspects?.tone ?? null,
    form: aspects?.form ?? null,
    uptake: aspects?.uptake ?? null,
    honoured: honoured?.join(' ') ?? null,
    violated: violated?.join(' ') ?? null,
    otherCase: played.otherCase ?? null,
    otherScore: otherJudgement?.score ?? null,
    ownMinusOther: own === null || other === null ? null : own - other,
    revealed: revealed?.join(' ') ?? null,
    revealedShare: revealed === undefined ? null : revealed.length / numberStatements(persona).length,
    userProblem: checks?.kept ?? null,
  };
}
