import { InvalidOptionError } from '../errors.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { simulationName } from '../evaluation/repeats.ts';
import { displayed } from '../internal/displayed.ts';
import { sha256 } from '../internal/hash.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkResampling, type ResamplingOptions } from '../metrics/resampling-options.ts';
import type { AgreementResult } from './agreement-result.ts';
import { describeAgreement } from './agreement-table.ts';
import { majorityRating, medianRating } from './consensus.ts';
import { judgeOf } from './judge-of.ts';
import { pairAgreement, type Rater } from './pair-agreement.ts';
import { guideOf } from './rating-guide.ts';
import { type RatingKey, type RatingKeyItem, ratingKeySchema } from './rating-key.ts';
import { nearestRating, type Ratings, ratingsSchema } from './ratings.ts';

/** Options of {@link agreement}. */
export interface AgreementOptions extends ResamplingOptions {
  /** The key that {@link sampleForRating} returned with the sheet. */
  readonly key: RatingKey;
  /** One entry per rater. */
  readonly ratings: readonly Ratings[];
  /**
   * The rated conversations scored by another judge (see `rejudge`), to measure several judges against the same ratings.
   * Default: the scores in the key.
   */
  readonly results?: readonly EvaluationResult[] | undefined;
}

/**
 * Measures how far a judge agrees with people who rated a sheet from {@link sampleForRating}, and how far they agree
 * among themselves: Cohen's kappa, unweighted and with linear and quadratic weights, with bootstrap confidence intervals
 * over cases.
 *
 * Kappa needs categories, so a fractional score (as from a panel) is rounded to the nearest rating, halves up. Items
 * that one side did not rate are left out of that pair: compare `rated` with `asked`.
 *
 * @example
 * ```ts
 * import { agreement, describeAgreement, readRatingKey, readRatings } from 'aloe-align/agreement';
 *
 * const key = await readRatingKey('key.json');
 * const ratings = [await readRatings('ratings-Ann.json')];
 * console.log(describeAgreement(agreement({ key, ratings })));
 * ```
 *
 * @throws InvalidOptionError if an option is unknown or wrong, there are no ratings, a rater occurs twice, ratings are from another sheet, or `results`
 * lack a rated response or were judged by another rubric than the raters were told.
 */
export function agreement(options: AgreementOptions): AgreementResult {
  checkKnownOptions<AgreementOptions>('agreement()', options, {
    key: true,
    ratings: true,
    results: true,
    seed: true,
    resamples: true,
    confidence: true,
  });
  const { key, ratings, results, ...given } = options;
  if (!ratingKeySchema.safeParse(key).success) {
    throw new InvalidOptionError('key', 'a key as returned by sampleForRating() or readRatingKey()', key);
  }
  const resampling = checkResampling('agreement()', given);
  const people = readRaters(key, ratings);
  const judge = results === undefined ? keyJudge(key) : rescoredJudge(key, results);
  const compare = (first: Rater, second: Rater) => pairAgreement(key.items, first, second, resampling);
  const consensus = (name: string, settle: (given: readonly number[]) => number | null) =>
    people.length === 1 ? null : compare(judge, consensusRater(key, people, name, settle));
  const result: AgreementResult = {
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
  return displayed(result, describeAgreement);
}

function readRaters(key: RatingKey, ratings: readonly Ratings[]): Rater[] {
  if (!Array.isArray(ratings as unknown))
    throw new InvalidOptionError('ratings', 'a list of ratings', ratings);
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
  const guide = guideOf(results[0]!.lock.judge.prompts);
  if (key.guide !== undefined && guide !== key.guide) {
    throw new InvalidOptionError(
      'results',
      `results of a judge that goes by what raters were told (${key.guide})`,
      name,
      {
        hint: 'People who rated by another rubric would disagree with it rightly. Have a sample of these results rated.',
      },
    );
  }
  const scores = key.items.flatMap((item) => {
    const score = findScore(item, results);
    return score === null ? [] : [[item.id, nearestRating(score)] as const];
  });
  return { name, ratings: new Map(scores) };
}

function findScore(item: RatingKeyItem, results: readonly EvaluationResult[]): number | null {
  const { candidate, caseId, repeat = 1, turn, responseSha256 } = item;
  const turns = results
    .find((result) => result.candidate.name === candidate)
    ?.cases.find((played) => played.caseId === caseId && played.repeat === repeat)?.turns;
  const found = turns?.[turn - 1];
  if (found === undefined || sha256(found.response) !== responseSha256) {
    const got = found === undefined ? 'none' : 'a different response';
    throw new InvalidOptionError(
      'results',
      `the rated response (${candidate}, ${simulationName({ caseId, repeat })}, turn ${turn})`,
      got,
    );
  }
  // The score of an empty response is no judge's.
  return found.judgement.status === 'scored' ? found.judgement.score : null;
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
