import * as z from 'zod';
import { namesServed, type ServedCount } from '../runs/served/tally-served.ts';

/** Who takes part in a conversation. `checker` checks user messages, `picker` chooses from several responses. */
export const CONVERSATION_ROLES = [
  'rolePlayer',
  'inducer',
  'preferred',
  'rejected',
  'checker',
  'picker',
] as const;

/**
 * Names under which servers say they answered, by role, such as `gpt-4o-2024-11-20` for `gpt-4o`. A role is absent if its
 * server did not say, and for a model in this process.
 */
export type ServedNames = Readonly<
  Partial<Record<(typeof CONVERSATION_ROLES)[number], readonly string[] | undefined>>
>;

export const servedNamesSchema: z.ZodType<ServedNames> = z.object({
  rolePlayer: z.array(z.string()).optional(),
  inducer: z.array(z.string()).optional(),
  preferred: z.array(z.string()).optional(),
  rejected: z.array(z.string()).optional(),
  checker: z.array(z.string()).optional(),
  picker: z.array(z.string()).optional(),
});

/** The names of each role, sorted. Undefined if there are none. */
export function servedNames(
  served: Readonly<Record<(typeof CONVERSATION_ROLES)[number], readonly ServedCount[]>>,
): ServedNames | undefined {
  const named = Object.entries(served).flatMap(([role, counts]) => {
    const names = namesServed(counts);
    return names.length === 0 ? [] : [[role, names] as const];
  });
  return named.length === 0 ? undefined : Object.fromEntries(named);
}
