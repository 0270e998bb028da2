import * as z from 'zod';
import { type MessageChecks, type UserProblem, userProblemSchema } from './user-check.ts';

/** How often one problem occurred, in messages. `found` is the sum of the other three counts. */
export interface UserProblemRate {
  readonly problem: UserProblem;
  /** Messages with at least one draft that had the problem. */
  readonly found: number;
  /** Messages whose final text does not have it. */
  readonly repaired: number;
  /** Messages that still have it and are marked. */
  readonly kept: number;
  /** Messages that were never completed. The conversation ended there. */
  readonly failed: number;
}

/** How well simulated users stayed in their role. */
export interface UserCheckRates {
  /** User messages requested, including those never completed and those that got no response. */
  readonly messages: number;
  /** Problems found, most frequent first. */
  readonly problems: readonly UserProblemRate[];
  /** Messages about which `userChecks.model` gave no valid answer. Absent if there are none. */
  readonly unchecked?: number | undefined;
}

export const userCheckRatesSchema: z.ZodType<UserCheckRates> = z.object({
  messages: z.int().min(0),
  problems: z.array(
    z.object({
      problem: userProblemSchema,
      found: z.int().min(1),
      repaired: z.int().min(0),
      kept: z.int().min(0),
      failed: z.int().min(0),
    }),
  ),
  unchecked: z.int().min(1).optional(),
});

/** A requested message: the problems found, and whether it failed. */
export interface AskedMessage {
  readonly checks?: MessageChecks | undefined;
  readonly failed?: boolean | undefined;
}

/** Converts a recorded failure to a failed message. */
export function failedMessage({
  problems = [],
}: {
  readonly problems?: readonly string[] | undefined;
}): AskedMessage {
  const found = problems.flatMap((problem) => userProblemSchema.safeParse(problem).data ?? []);
  return { checks: { found }, failed: true };
}

/** Counts the problems found in messages. */
export function countUserChecks(asked: Iterable<AskedMessage>): UserCheckRates {
  return sumUserChecks(
    Array.from(asked, ({ checks, failed = false }) => ({
      messages: 1,
      problems: [...new Set(checks?.found)].map((problem) => {
        const kept = !failed && checks?.kept === problem;
        return {
          problem,
          found: 1,
          repaired: Number(!failed && !kept),
          kept: Number(kept),
          failed: Number(failed),
        };
      }),
      unchecked: Number(checks?.unchecked === true),
    })),
  );
}

/** Adds up the counts of several conversations or evaluations. */
export function sumUserChecks(rates: Iterable<UserCheckRates>): UserCheckRates {
  let messages = 0;
  let unchecked = 0;
  const sums = new Map<UserProblem, UserProblemRate>();
  for (const each of rates) {
    messages += each.messages;
    unchecked += each.unchecked ?? 0;
    for (const rate of each.problems) {
      const { found = 0, repaired = 0, kept = 0, failed = 0 } = sums.get(rate.problem) ?? {};
      sums.set(rate.problem, {
        problem: rate.problem,
        found: found + rate.found,
        repaired: repaired + rate.repaired,
        kept: kept + rate.kept,
        failed: failed + rate.failed,
      });
    }
  }
  const problems = [...sums.values()].sort((a, b) => b.found - a.found || (a.problem < b.problem ? -1 : 1));
  return { messages, problems, ...(unchecked > 0 && { unchecked }) };
}
