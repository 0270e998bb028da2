import { InvalidOptionError } from '../errors.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { sha256 } from '../internal/hash.ts';
import { checkResampling, type ResamplingOptions } from '../metrics/resampling-options.ts';
import { majorityRating, medianRating } from './consensus.ts';
import { judgeOf } from './judge-of.ts';
import { type PairAgreement, pairAgreement, type Rater } from './pair-agreement.ts';
import type { RatingKey, RatingKeyItem } from './rating-key.ts';
import { nearestRating, type Ratings, ratingsSchema } from './ratings.ts';

export interface AgreementOptions extends ResamplingOptions {
  /** What {@link sampleForRating} gave with the sheet. */
  readonly key: RatingKey;
  /** One entry a rater. */
  readonly ratings: readonly Ratings[];
  /**
   * The rated conversations with the scores of another judge, so that several judges are measured by the same
   * ratings. Default: the scores in the key.
   */
  readonly results?: readonly EvaluationResult[] | undefined;
}

/** How far a judge and people agree. Plain data, JSON-safe. */
export interface AgreementResult {
  /** Id of the judge. */
  readonly judge: string;
  /** The judge (first) with each rater (second). */
  readonly raters: readonly PairAgreement[];
  /** The judge with the raters' median, a half going up; null for a single rater. */
  readonly median: PairAgreement | null;
  /** The judge with the rating that most raters gave; items without one are left out. Null for a single rater. */
  readonly majority: PairAgreement | null;
  /** Each two raters: what agreement people reach among themselves. */
  readonly amongRaters: readonly PairAgreement[];
  readonly cases: number;
  readonly confidence: number;
  readonly resamples: number;
  readonly seed: number;
}

/**
 * Measures the agreement of a judge with people who rated a sheet of {@link sampleForRating}: Cohen's kappa in its three
 * weightings, with bootstrap intervals over cases, and the raters among themselves.
 *
 * Kappa needs categories: a judge's score with a fraction, as a panel gives, counts as the nearest rating, a half as the
 * higher one. Items that one side left open are left out of that pair and show in `rated` against `asked`.
 *
 * @throws InvalidOptionError for no ratings, a rater who is there twice, ratings of another sheet, and results that do
 * not hold the rated responses.
 */
export function agreement(options: AgreementOptions): AgreementResult {
  const { key, ratings, results, ...given } = options;
  const resampling = checkResampling(given);
  const people = readRaters(key, ratings);
  const judge = results === undefined ? keyJudge(key) : rescoredJudge(key, results);
  const compare = (first: Rater, second: Rater) => pairAgreement(key.items, first, second, resampling);
  const consensus = (name: string, settle: (given: readonly number[]) => number | null) =>
    people.length === 1 ? null : compare(judge, consensusRater(key, people, name, settle));
  return {
    judge: judge.name,
    raters: people.map((rater) => compare(judge, rater)),
    median: consensus(`median of ${people.length} raters`, medianRating),
    majority: consensus(`majority of ${people.length} raters`, majorityRating),
    amongRaters: people.flatMap((first, index) =>
      people.slice(index + 1).map((second) => compare(first, second)),
    ),
    cases: new Set(key.items.map(({ caseId }) => caseId)).size,
    ...resampling,
  };
}

function readRaters(key: RatingKey, ratings: readonly Ratings[]): Rater[] {
  const wrong = ratings.findIndex((given) => !ratingsSchema.safeParse(given).success);
  if (wrong >= 0) {
    throw new InvalidOptionError(`ratings[${wrong}]`, 'ratings as returned by readRatings', ratings[wrong]);
  }
  if (ratings.length === 0)
    throw new InvalidOptionError('ratings', 'ratings from at least one rater', ratings);
  const names = ratings.map(({ rater }) => rater);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new InvalidOptionError('ratings', 'each rater only once', `${twice} twice`);
  const known = new Set(key.items.map(({ id }) => id));
  return ratings.map(({ rater, ratings: given }) => {
    const stranger = given.find(({ id }) => !known.has(id));
    if (stranger !== undefined) {
      throw new InvalidOptionError(
        'ratings',
        `ratings of sheet ${key.sheet}`,
        `${stranger.id} from ${rater}`,
      );
    }
    return {
      name: rater,
      ratings: new Map(given.flatMap(({ id, rating }) => (rating === null ? [] : [[id, rating] as const]))),
    };
  });
}

function keyJudge({ judge, items }: RatingKey): Rater {
  return { name: judge, ratings: new Map(items.map(({ id, score }) => [id, nearestRating(score)])) };
}

function rescoredJudge(key: RatingKey, results: readonly EvaluationResult[]): Rater {
  const name = judgeOf(results);
  const scores = key.items.flatMap((item) => {
    const score = findScore(item, results);
    return score === null ? [] : [[item.id, nearestRating(score)] as const];
  });
  return { name, ratings: new Map(scores) };
}

function findScore(item: RatingKeyItem, results: readonly EvaluationResult[]): number | null {
  const { candidate, caseId, turn, responseSha256 } = item;
  const turns = results
    .find((result) => result.candidate.name === candidate)
    ?.cases.find((played) => played.caseId === caseId)?.turns;
  const found = turns?.[turn - 1];
  if (found === undefined || sha256(found.response) !== responseSha256) {
    const got = found === undefined ? 'none' : 'a different response';
    throw new InvalidOptionError(
      'results',
      `the rated response (${candidate}, ${caseId}, turn ${turn})`,
      got,
    );
  }
  return found.judgement.score;
}

function consensusRater(
  { items }: RatingKey,
  people: readonly Rater[],
  name: string,
  settle: (given: readonly number[]) => number | null,
): Rater {
  const ratings = new Map<string, number>();
  for (const { id } of items) {
    const settled = settle(people.flatMap((rater) => rater.ratings.get(id) ?? []));
    if (settled !== null) ratings.set(id, settled);
  }
  return { name, ratings };
}
