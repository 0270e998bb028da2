import { comparePaired } from '../../metrics/index.ts';
import { mean } from '../../metrics/mean.ts';
import { commonScores } from '../common-scores.ts';
import type { EvaluationResult } from '../evaluation-result.ts';
import { clusterLabels } from '../evaluation-statistics.ts';
import { isSilence, type Judge } from '../judge.ts';
import { caseRows } from '../repeats.ts';
import type { UnadjustedMeasure } from './measure-changes.ts';

/** The family of a model by its id; null if it is not known. */
type FamilyOf = (model: string) => string | null;

/**
 * How much higher replies of the judge's model family score than those of other families, over the turns that the judge
 * scored in all results. An empty reply has its 1 from no judge.
 *
 * @param results Those whose scores are the judge's.
 */
export function measureFamily(
  results: readonly EvaluationResult[],
  {
    judge,
    familyOf,
    seed,
    reason,
  }: {
    readonly judge: Judge;
    readonly familyOf: FamilyOf;
    readonly seed: number;
    readonly reason: string;
  },
): UnadjustedMeasure {
  const nothing = (why: string): UnadjustedMeasure => ({
    name: 'own-family',
    estimate: null,
    interval: null,
    pValue: null,
    shift: null,
    size: null,
    changed: null,
    addedWords: null,
    responses: 0,
    cases: 0,
    missing: 0,
    reason: why,
  });
  if (results.length === 0) return nothing(reason);
  const families = new Set((judge.models ?? []).map(({ id }) => familyOf(id)));
  const [own] = families;
  if (families.size !== 1 || own === undefined || own === null) {
    return nothing(
      families.size > 1
        ? 'the judge asks models of several families'
        : "the judge's model family is not known",
    );
  }
  const byFamily = Map.groupBy(results, ({ candidate: { model } }) => {
    const family = familyOf(model);
    return family === null ? 'unknown' : family === own ? 'own' : 'other';
  });
  const [mine, others] = [byFamily.get('own') ?? [], byFamily.get('other') ?? []];
  if (mine.length === 0) return nothing(`no candidate is known to be of the judge's family, ${own}`);
  if (others.length === 0) return nothing(`no candidate is known to be of another family than ${own}`);
  const { played, simulations, responses, people } = commonScores([...mine, ...others].map(withoutSilence));
  const [owns, rest] = [simulations.slice(0, mine.length), simulations.slice(mine.length)].map((tables) =>
    caseRows(played[0]!, averageOf(tables)),
  );
  const { average } = comparePaired(rest!, owns!, { seed, ...clusterLabels(people) });
  return {
    ...nothing(''),
    estimate: average.difference,
    // The bootstrap of nothing but zeros would say [0, 0], which is too sure.
    interval: average.interval?.low === 0 && average.interval.high === 0 ? null : average.interval,
    pValue: average.pValue,
    responses: responses * (mine.length + others.length),
    cases: average.cases,
    reason: average.difference === null ? 'no turn has a score in all results' : null,
  };
}

/** The result without the scores of empty replies. */
function withoutSilence(result: EvaluationResult): EvaluationResult {
  const cases = result.cases.map((played) => ({
    ...played,
    turns: played.turns.map((own) =>
      isSilence(own.judgement.status) ? { ...own, judgement: { ...own.judgement, score: null } } : own,
    ),
  }));
  return { ...result, cases };
}

/** The mean of several tables, cell by cell. */
function averageOf(tables: readonly (readonly (readonly (number | null)[])[])[]): (number | null)[][] {
  return tables[0]!.map((row, place) =>
    row.map((_, column) => mean(tables.map((table) => table[place]![column]!))),
  );
}
