import type { EvaluatedCase } from './evaluated-case.ts';
import type { EvaluationEvent } from './evaluation-events.ts';

/** Emits the events of a simulation that another process has played. */
export function tellCase(
  played: EvaluatedCase,
  candidate: string,
  onEvent: (event: EvaluationEvent) => void,
): void {
  const { caseId, repeat, turns, failure } = played;
  const ofThis = { candidate, caseId, repeat };
  onEvent({ type: 'case-start', ...ofThis });
  for (const { turn, judgement } of turns) {
    onEvent({ type: 'turn-end', ...ofThis, turn, score: judgement.score, status: judgement.status });
  }
  onEvent({ type: 'case-end', ...ofThis, failure, played });
}

/** Whether a simulation was played to its end and every response has a score. */
export function isWholeCase({ turns, failure }: EvaluatedCase): boolean {
  return failure === undefined && turns.every(({ judgement }) => judgement.score !== null);
}
