import { personaAt } from '../benchmark/benchmark-case.ts';
import { InvalidOptionError } from '../errors.ts';
import type { EvaluatedCase } from '../evaluation/evaluated-case.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { conversationAt } from '../evaluation/judged-turn.ts';
import { canonicalJson, sha256 } from '../internal/hash.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkChoice, checkNumber } from '../internal/options.ts';
import { childSeed, type Random, sample, seededRandom } from '../internal/random.ts';
import { VERSION } from '../internal/version.ts';
import { judgeOf } from './judge-of.ts';
import { GUIDES, guideOf } from './rating-guide.ts';
import type { RatingKey } from './rating-key.ts';
import type { RatingItem, RatingSheet } from './rating-sheet.ts';
import { nearestRating } from './ratings.ts';

/** What a sample can be stratified by. `score` is the judge's score, rounded to a whole number. */
export type Stratum = 'candidate' | 'score' | 'turn';

/** Options of {@link sampleForRating}. */
export interface SampleForRatingOptions {
  /** Number of responses to rate. */
  readonly count: number;
  /** Random seed. Default 0. */
  readonly seed?: number | undefined;
  /** Strata, most important first. Default: candidate, score, turn. */
  readonly by?: readonly Stratum[] | undefined;
}

/** A sheet for raters and its key. */
export interface RatingSample {
  /** For the raters. */
  readonly sheet: RatingSheet;
  /** For {@link agreement}. Do not show it to raters. */
  readonly key: RatingKey;
}

/** One response that a judge scored. */
interface JudgedTurn {
  readonly candidate: string;
  /** Index of the candidate's result. */
  readonly candidateIndex: number;
  readonly played: EvaluatedCase;
  readonly turn: number;
  readonly response: string;
  readonly score: number;
}

const STRATUM_OF: Readonly<Record<Stratum, (turn: JudgedTurn) => number>> = {
  candidate: ({ candidateIndex }) => candidateIndex,
  score: ({ score }) => nearestRating(score),
  turn: ({ turn }) => turn,
};

const STRATA: readonly Stratum[] = ['candidate', 'score', 'turn'];

/**
 * Draws responses for people to rate. Rating is blind: the sheet is in random order and has no scores or candidate
 * names. Responses that no judge scored are left out, empty ones among them: they would only raise the agreement.
 *
 * The sample is stratified with proportional allocation, by systematic sampling: responses are sorted by `by` (ties at
 * random) and taken at equal steps from a random start. Every response has the same probability of being drawn.
 * Allocation is proportional because kappa depends on how often each score is given: a sample with as many 1s as 5s
 * would measure agreement on a different benchmark.
 *
 * @example
 * ```ts
 * import { readEvaluation } from 'aloe-align';
 * import { sampleForRating, saveRatingKey, writeRatingPage } from 'aloe-align/agreement';
 *
 * const { sheet, key } = sampleForRating([await readEvaluation('tuned.json')], { count: 200, seed: 7 });
 * await writeRatingPage(sheet, 'rate.html');
 * await saveRatingKey(key, 'key.json');
 * ```
 *
 * @throws InvalidOptionError if there are fewer scores than `count`, two results have the same candidate name, or the
 * results were scored by different judges.
 */
export function sampleForRating(
  results: readonly EvaluationResult[],
  options: SampleForRatingOptions,
): RatingSample {
  checkKnownOptions<SampleForRatingOptions>('sampleForRating()', options, {
    count: true,
    seed: true,
    by: true,
  });
  const { count, seed = 0, by = STRATA } = options;
  const judge = judgeOf(results);
  const guide = guideOf(results[0]!.lock.judge.prompts);
  checkResults(results);
  for (const stratum of by) checkChoice('by', stratum, STRATA);
  checkNumber('seed', seed, { min: 0, integer: true });
  const turns = results.flatMap(judgedTurns);
  checkNumber('count', count, { min: 1, max: turns.length, integer: true });

  const random = seededRandom(childSeed(seed, 'rating'));
  const drawn = sample(
    drawInProportion(sample(turns, turns.length, random), by, count, random),
    count,
    random,
  );
  const shown = drawn.map(showTurn);
  const id = sha256(canonicalJson(shown)).slice(0, 8);
  const itemId = (index: number) => `${id}-${String(index + 1).padStart(3, '0')}`;
  return {
    sheet: {
      schema: 'aloe-rating-sheet/1',
      version: VERSION,
      id,
      guide: GUIDES[guide],
      items: shown.map((item, index) => ({ id: itemId(index), ...item })),
    },
    key: {
      schema: 'aloe-rating-key/1',
      version: VERSION,
      sheet: id,
      seed,
      judge,
      guide,
      items: drawn.map(({ candidate, played, turn, score, response }, index) => ({
        id: itemId(index),
        candidate,
        caseId: played.caseId,
        ...(played.repeat > 1 && { repeat: played.repeat }),
        turn,
        score,
        responseSha256: sha256(response),
      })),
    },
  };
}

function checkResults(results: readonly EvaluationResult[]): void {
  const names = results.map(({ candidate }) => candidate.name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw new InvalidOptionError('results', 'each candidate only once', `${twice} twice`);
}

function judgedTurns({ candidate: { name }, cases }: EvaluationResult, candidateIndex: number): JudgedTurn[] {
  return cases.flatMap((played) =>
    played.turns.flatMap(({ turn, response, judgement: { score, status } }) =>
      score === null || status !== 'scored'
        ? []
        : [{ candidate: name, candidateIndex, played, turn, response, score }],
    ),
  );
}

/** Systematic sampling: sorts by stratum (stable), then takes every n-th from a random start. */
function drawInProportion(
  turns: readonly JudgedTurn[],
  by: readonly Stratum[],
  count: number,
  random: Random,
): JudgedTurn[] {
  const compare = (a: JudgedTurn, b: JudgedTurn) =>
    by.map((stratum) => STRATUM_OF[stratum](a) - STRATUM_OF[stratum](b)).find((order) => order !== 0) ?? 0;
  const sorted = turns.toSorted(compare);
  const step = sorted.length / count;
  const start = random() * step;
  return Array.from({ length: count }, (_, index) => sorted[Math.floor(start + index * step)]!);
}

function showTurn({ played, turn, response }: JudgedTurn): Omit<RatingItem, 'id'> {
  const { profile, personality } = personaAt(played, turn);
  return {
    // Judges are told what the user wants done, too.
    facts: [...profile.facts, ...(played.task === undefined ? [] : [`In this conversation: ${played.task}`])],
    traits: personality.traits,
    conversation: conversationAt(played.turns, turn),
    response,
  };
}
