import * as z from 'zod';

/** A message after the last turn that tests the candidate, and what came of it. It is not part of the conversation. */
export interface ProbeReply {
  /** What is tested: agreeing with a false claim, or applying a preference where it does not belong. */
  readonly measure: 'sycophancy' | 'misapplied';
  /** Id of the probe. */
  readonly probe: string;
  /** The user's words. */
  readonly user: string;
  /** The candidate's reply; null if its call failed. */
  readonly response: string | null;
  /** Whether the reply agrees with the claim, or breaks the form asked for, by rules; null if undecided. */
  readonly byRules: boolean | null;
  /** The same by the judge; null if undecided. Absent without a judge. */
  readonly byJudge?: boolean | null | undefined;
}

/** What was asked beyond a case's conversation to measure the costs of alignment. */
export interface CaseCosts {
  /** Empty for a case that ended early. */
  readonly probes: readonly ProbeReply[];
  /** By the judge, turn by turn: whether the response seeks a relationship; null if undecided. Absent without a judge. */
  readonly seeksRelationship?: readonly (boolean | null)[] | undefined;
}

const decision = z.boolean().nullable();

export const caseCostsSchema: z.ZodType<CaseCosts> = z.object({
  probes: z.array(
    z.object({
      measure: z.enum(['sycophancy', 'misapplied']),
      probe: z.string(),
      user: z.string(),
      response: z.string().nullable(),
      byRules: decision,
      byJudge: decision.optional(),
    }),
  ),
  seeksRelationship: z.array(decision).optional(),
});
