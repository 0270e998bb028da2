import { z } from 'zod';
import { type MessageChecks, type UserProblem, userProblemSchema } from './user-check.ts';

/** How often one problem was found, counted in messages. `found` is the sum of the other three. */
export interface UserProblemRate {
  readonly problem: UserProblem;
  /** Messages with a draft that had it. */
  readonly found: number;
  /** Messages that came without it in the end. */
  readonly repaired: number;
  /** Messages that have it still, and are marked. */
  readonly kept: number;
  /** Messages that never came: their conversation ended there. */
  readonly failed: number;
}

/** How well the simulated users kept to their part. */
export interface UserCheckRates {
  /** User messages that were asked for, with those that never came. */
  readonly messages: number;
  /** The problems that were found, the most frequent first. */
  readonly problems: readonly UserProblemRate[];
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
});

/** One message that was asked for: what was found in it, and whether it came. */
export interface AskedMessage {
  readonly checks?: MessageChecks | undefined;
  readonly failed?: boolean | undefined;
}

/** A message that never came, from the failure that says so. */
export function failedMessage({
  problems = [],
}: {
  readonly problems?: readonly string[] | undefined;
}): AskedMessage {
  const found = problems.flatMap((problem) => userProblemSchema.safeParse(problem).data ?? []);
  return { checks: { found }, failed: true };
}

/** Counts what the checks of some messages found. */
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
    })),
  );
}

/** The rates of several conversations or evaluations together. */
export function sumUserChecks(rates: Iterable<UserCheckRates>): UserCheckRates {
  let messages = 0;
  const sums = new Map<UserProblem, UserProblemRate>();
  for (const each of rates) {
    messages += each.messages;
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
  return { messages, problems };
}
