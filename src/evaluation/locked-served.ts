import * as z from 'zod';
import type { ServedCount } from '../runs/served/tally-served.ts';

/** A model that answered, as a lock names it. */
export interface LockedServed {
  /** Id under which the model was asked. */
  readonly id: string;
  /** What its server says it is, such as `gpt-4o-2024-11-20` for `gpt-4o`. Null if the server says nothing. */
  readonly model: string | null;
}

export const lockedServedSchema: z.ZodType<readonly LockedServed[]> = z.array(
  z.object({ id: z.string(), model: z.string().nullable() }),
);

/** Without counts and fingerprints, which differ between evaluations that can be compared. */
export function lockServed(counts: readonly ServedCount[]): LockedServed[] {
  const distinct = new Map(counts.map(({ id, model }) => [JSON.stringify([id, model]), { id, model }]));
  return [...distinct.values()];
}

/**
 * Whether a name stood for different models on two occasions. What a server does not report is unknown and not a
 * difference.
 */
export function isServedDifferently(
  first: readonly LockedServed[] = [],
  second: readonly LockedServed[] = [],
): boolean {
  const ids = new Set(first.map(({ id }) => id));
  return [...ids].some((id) => {
    const [one, other] = [reportedModels(first, id), reportedModels(second, id)];
    return one.length > 0 && other.length > 0 && one.join('\n') !== other.join('\n');
  });
}

/** The models as text: `gpt-4o-2024-11-20`, with the name asked for where several were. */
export function describeLockedServed(served: readonly LockedServed[] | undefined): string {
  if (served === undefined) return 'not recorded';
  if (served.length === 0) return 'none';
  const several = new Set(served.map(({ id }) => id)).size > 1;
  return served
    .map(({ id, model }) => `${several ? `${id}: ` : ''}${model ?? 'not reported'}`)
    .join(several ? '; ' : ', ');
}

function reportedModels(served: readonly LockedServed[], id: string): string[] {
  const models = served.flatMap(({ id: asked, model }) => (asked === id && model !== null ? [model] : []));
  return [...new Set(models)].sort();
}
