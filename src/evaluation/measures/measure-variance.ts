import * as z from 'zod';
import { type VarianceComponents, varianceComponents } from '../../metrics/index.ts';
import type { EvaluatedCase } from '../evaluated-case.ts';
import { groupByCase } from '../repeats.ts';

/**
 * Where the variance of the average level comes from. Null unless cases were repeated.
 *
 * @param scores simulations x turns.
 */
export function measureVariance(
  cases: readonly EvaluatedCase[],
  scores: readonly (readonly (number | null)[])[],
): VarianceComponents | null {
  return varianceComponents(groupByCase(cases, scores), { votes: votesBehind(cases) });
}

/** The votes behind the scores, responses x votes; undefined unless all scores are means of as many. */
function votesBehind(cases: readonly EvaluatedCase[]): (number | null)[][] | undefined {
  const votes = cases.flatMap(({ turns }) =>
    turns.flatMap(({ judgement }) =>
      judgement.status === 'scored' ? [(judgement.votes ?? []).map(({ score }) => score)] : [],
    ),
  );
  const count = votes[0]?.length ?? 0;
  return count >= 2 && votes.every(({ length }) => length === count) ? votes : undefined;
}

export const varianceSchema: z.ZodType<VarianceComponents | null> = z
  .object({
    case: z.number(),
    repeat: z.number(),
    judge: z.number().nullable(),
    negative: z.array(z.enum(['case', 'repeat'])),
    cases: z.int(),
    repeats: z.number(),
    turns: z.number(),
    votes: z.int().nullable(),
  })
  .nullable();
