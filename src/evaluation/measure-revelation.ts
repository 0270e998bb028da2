import { personaAt } from '../benchmark/benchmark-case.ts';
import { mean } from '../metrics/mean.ts';
import { numberStatements } from '../personas/persona.ts';
import type { EvaluatedCase } from './evaluated-case.ts';
import type { TurnRevelation } from './evaluation-result.ts';

/** The revelation curve: mean share of the persona's statements revealed by each turn. */
export function measureRevelation(cases: readonly EvaluatedCase[], turns: number): TurnRevelation[] | null {
  const shares = cases.map((played) =>
    played.turns.map(({ turn, revealed }) =>
      revealed === undefined ? null : revealed.length / numberStatements(personaAt(played, turn)).length,
    ),
  );
  if (shares.every((row) => row.every((share) => share === null))) return null;
  return Array.from({ length: turns }, (_, index) => {
    const column = shares.map((row) => row[index] ?? null);
    return {
      turn: index + 1,
      share: mean(column),
      cases: column.filter((share) => share !== null).length,
    };
  });
}
