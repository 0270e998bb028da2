import { InvalidOptionError } from '../errors.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import { alignmentLevels } from './alignment-levels.ts';
import { checkScores } from './check-scores.ts';
import { mean } from './mean.ts';
import { sum } from './sum.ts';

/** Scores of repeated simulations: cases x repeats x turns, null where a score is missing. */
export type RepeatedScores = readonly (readonly (readonly (number | null)[])[])[];

/** Options of {@link varianceComponents}. */
export interface VarianceOptions {
  /**
   * The verdicts behind the scores, if each score is the mean of several: responses x votes, in any order of responses, the
   * votes of one judge in one column. Null where a vote is missing. Default: not known, and `judge` is null.
   */
  readonly votes?: readonly (readonly (number | null)[])[] | undefined;
}

/** Where the variance of the average level comes from, in squared points, and the study that says so. */
export interface VarianceComponents {
  /** Variance between cases: of their average levels over infinitely many repeats. */
  readonly case: number;
  /** Variance between repeats of one case, in the average level of a simulation. Includes the judge's unless that is known. */
  readonly repeat: number;
  /** Variance of one vote on one response; null if votes are not known. */
  readonly judge: number | null;
  /** The components whose estimate was below 0, and is 0 here. */
  readonly negative: readonly ('case' | 'repeat')[];
  /** Number of cases. */
  readonly cases: number;
  /** Repeats per case; their harmonic mean if they differ. */
  readonly repeats: number;
  /** Scored turns per simulation; their mean if they differ. */
  readonly turns: number;
  /** Votes per response; null if they are not known. */
  readonly votes: number | null;
}

/** The size of a study, for {@link expectedError}. Default: that of the study behind the components. */
export interface StudySize {
  readonly cases?: number | undefined;
  /** Simulations per case. */
  readonly repeats?: number | undefined;
  /** Votes per response. Only if the components know of votes. */
  readonly votes?: number | undefined;
}

/**
 * Splits the variance of the average level into that between cases, between repeats of a case, and between votes on a
 * response. {@link expectedError} then says what more of each would buy.
 *
 * Model: the average level of repeat r of case i is `level + case_i + repeat_ir + judge_ir`, all independent with mean 0.
 * `judge_ir` is the mean of the deviations of all votes on its responses. Turns are fixed: AL(k) is taken off each score
 * first, so that a simulation is not low because its high turns are missing. Estimates are those of a one-way analysis of
 * variance; `judge` is the variance of votes within responses. The mean of each judge is taken off first: a judge that is
 * stricter throughout adds no noise. Sources: Searle, Casella and McCulloch 1992, "Variance Components", chapter 3; Brennan
 * 2001, "Generalizability Theory".
 *
 * Cases may have different numbers of repeats. `docs/metrics.md` has how far the estimates can be trusted.
 *
 * @param scores cases x repeats x turns, null where a score is missing. Every simulation has the same number of turns.
 * @returns null with fewer than two scored cases, and if none has two scored repeats.
 * @throws InvalidOptionError if `scores` or `votes` is not such a table.
 *
 * @example
 * ```ts
 * const components = varianceComponents(scores)!; // { case: 0.2, repeat: 0.05, judge: null, cases: 20, repeats: 2, … }
 * expectedError(components); // 0.106
 * expectedError(components, { cases: 40 }); // 0.075
 * expectedError(components, { repeats: 4 }); // 0.103
 * ```
 */
export function varianceComponents(
  scores: RepeatedScores,
  options: VarianceOptions = {},
): VarianceComponents | null {
  checkKnownOptions<VarianceOptions>('varianceComponents()', options, { votes: true });
  const averages = averageDeviations(scores);
  const simulations = averages.flat();
  const [cases, total] = [averages.length, simulations.length];
  if (cases < 2 || total === cases) return null;
  const turns = scores.flat(2).filter((score) => score !== null).length / total;
  const noise = options.votes === undefined ? null : voteNoise(options.votes);

  const within = sum(averages.map((own) => squaresAround(own, mean(own)!))) / (total - cases);
  const grand = mean(simulations)!;
  const between = sum(averages.map((own) => own.length * (mean(own)! - grand) ** 2)) / (cases - 1);
  // Repeats per case, corrected for their spread: what the variance between cases is multiplied by in `between`.
  const weight = (total - sum(averages.map((own) => own.length ** 2)) / total) / (cases - 1);
  const byCase = (between - within) / weight;
  const byRepeat = within - (noise === null ? 0 : noise.variance / (noise.votes * turns));
  return {
    case: Math.max(0, byCase),
    repeat: Math.max(0, byRepeat),
    judge: noise?.variance ?? null,
    negative: [...(byCase < 0 ? (['case'] as const) : []), ...(byRepeat < 0 ? (['repeat'] as const) : [])],
    cases,
    repeats: cases / sum(averages.map((own) => 1 / own.length)),
    turns,
    votes: noise?.votes ?? null,
  };
}

/**
 * The standard error of the average level that a study of this size can expect. Cases are assumed to be drawn independently:
 * cases that share profiles or personalities with others add less.
 *
 * @throws InvalidOptionError if a number is below 1, or for `votes` if the components know of none.
 */
export function expectedError(components: VarianceComponents, size: StudySize = {}): number {
  checkKnownOptions<StudySize>('expectedError()', size, { cases: true, repeats: true, votes: true });
  if (size.votes !== undefined && components.judge === null) {
    throw new InvalidOptionError('votes', 'left out, since the components know no votes', size.votes);
  }
  const cases = checkNumber('cases', size.cases ?? components.cases, { min: 1 });
  const repeats = checkNumber('repeats', size.repeats ?? components.repeats, { min: 1 });
  const votes = checkNumber('votes', size.votes ?? components.votes ?? 1, { min: 1 });
  const judge = (components.judge ?? 0) / (votes * components.turns);
  return Math.sqrt((components.case + (components.repeat + judge) / repeats) / cases);
}

/** The mean deviation of each simulation from AL(k), by case. Simulations and cases without any score are left out. */
function averageDeviations(scores: RepeatedScores): number[][] {
  if (!Array.isArray(scores as unknown) || scores.length === 0 || !scores.every(Array.isArray)) {
    throw new InvalidOptionError('scores', 'cases x repeats x turns, with at least one case', scores);
  }
  checkScores(scores.flat());
  const cases: RepeatedScores = scores.filter((own) => own.length > 0);
  const levels = alignmentLevels(cases.map(meanRow));
  return cases
    .map((own) =>
      own
        .map((row) => mean(row.map((score, turn) => (score === null ? null : score - levels[turn]!))))
        .filter((average) => average !== null),
    )
    .filter((own) => own.length > 0);
}

function meanRow(rows: readonly (readonly (number | null)[])[]): (number | null)[] {
  return rows[0]!.map((_, column) => mean(rows.map((row) => row[column]!)));
}

/** The variance of votes around the mean of their response, once the mean of each judge is taken off. */
function voteNoise(
  table: readonly (readonly (number | null)[])[],
): { variance: number; votes: number } | null {
  const votes = table.length === 0 ? 0 : checkScores(table, 'votes');
  const complete = table.filter((row): row is readonly number[] => row.every((vote) => vote !== null));
  if (votes < 2 || complete.length < 2) return null;
  const severity = complete[0]!.map((_, column) => mean(complete.map((row) => row[column]!))!);
  const squares = complete.map((row) => {
    const own = row.map((vote, column) => vote - severity[column]!);
    return squaresAround(own, mean(own)!);
  });
  return { variance: sum(squares) / ((complete.length - 1) * (votes - 1)), votes };
}

function squaresAround(values: readonly number[], centre: number): number {
  return sum(values.map((value) => (value - centre) ** 2));
}
