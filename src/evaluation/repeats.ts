import { mean } from '../metrics/mean.ts';
import type { EvaluatedCase } from './evaluated-case.ts';

type Row = readonly (number | null)[];

/**
 * The subject of a simulation's calls. Their journal keys and seeds depend on it. The first simulation of a case has the same
 * subject with and without repeats, so that repeats can be added later without paying for it again.
 */
export function simulationSubject(caseId: string, repeat: number): string {
  return repeat === 1 ? caseId : `${caseId}#${repeat}`;
}

/** `case-7`, or `case-7, repeat 2`. */
export function simulationName({ caseId, repeat }: Pick<EvaluatedCase, 'caseId' | 'repeat'>): string {
  return repeat === 1 ? caseId : `${caseId}, repeat ${repeat}`;
}

/** The first simulation of each case, for what its repeats share, such as the persona. In the order of the cases. */
export function firstOfEach(simulations: readonly EvaluatedCase[]): EvaluatedCase[] {
  return groupByCase(simulations, simulations).map(([first]) => first!);
}

/** What belongs to each case: one list per case, in the order of the cases. `values` has one for each simulation. */
export function groupByCase<Value>(
  simulations: readonly EvaluatedCase[],
  values: readonly Value[],
): Value[][] {
  const places = Map.groupBy(simulations.keys(), (place) => simulations[place]!.caseId);
  return [...places.values()].map((own) => own.map((place) => values[place]!));
}

/**
 * Turns simulations into cases, which statistics have as rows: the mean of the rows of each case's simulations, null left
 * out, in the order of {@link firstOfEach}. Repeats of a case are not independent, so they may not be rows themselves.
 *
 * @param rows one for each simulation, all of the same length.
 */
export function caseRows(simulations: readonly EvaluatedCase[], rows: readonly Row[]): (number | null)[][] {
  return groupByCase(simulations, rows).map((own) =>
    own[0]!.map((_, column) => mean(own.map((row) => row[column]!))),
  );
}

/**
 * Keeps a value only where all tables have one. Before {@link caseRows}, so that the means of two candidates rest on the same
 * repeats: those of one number have users with the same seeds.
 */
export function keepCommon(tables: readonly (readonly Row[])[]): (number | null)[][][] {
  return tables.map((table) =>
    table.map((row, place) =>
      row.map((value, column) => (tables.every((other) => other[place]![column] !== null) ? value : null)),
    ),
  );
}

/** Two tables as rows of cases, over what both have. */
export function pairedRows(
  simulations: readonly EvaluatedCase[],
  first: readonly Row[],
  second: readonly Row[],
): [(number | null)[][], (number | null)[][]] {
  const [one, two] = keepCommon([first, second]);
  return [caseRows(simulations, one!), caseRows(simulations, two!)];
}
