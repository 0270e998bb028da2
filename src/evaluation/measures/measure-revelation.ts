import { personaAt } from '../../benchmark/benchmark-case.ts';
import { mean } from '../../metrics/mean.ts';
import { numberStatements } from '../../personas/persona.ts';
import type { EvaluatedCase } from '../evaluated-case.ts';
import type { TurnRevelation } from '../evaluation-result.ts';
import { caseRows } from '../repeats.ts';

/** The revelation curve: mean share of the persona's statements revealed by each turn. */
export function measureRevelation(cases: readonly EvaluatedCase[], turns: number): TurnRevelation[] | null {
  const shares = caseRows(
    cases,
    cases.map((played) => Array.from({ length: turns }, (_, index) => shareAt(played, index))),
  );
  if (shares.every((row) => row.every((share) => share === null))) return null;
  return Array.from({ length: turns }, (_, index) => {
    const column = shares.map((row) => row[index]!);
    return {
      turn: index + 1,
      share: mean(column),
      cases: column.filter((share) => share !== null).length,
    };
  });
}

function shareAt(played: EvaluatedCase, index: number): number | null {
  const { turn, revealed } = played.turns[index] ?? {};
  if (turn === undefined || revealed === undefined) return null;
  return revealed.length / numberStatements(personaAt(played, turn)).length;
}
