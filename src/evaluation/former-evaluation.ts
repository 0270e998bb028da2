import * as z from 'zod';
import { changeKey, renameKeys } from '../internal/former-names.ts';

const SUMMARY = { improvement: 'improvementRate', normalizedImprovement: 'normalizedImprovementRate' };
/** What version 2 did not measure. Costs that rules read off responses are computed on reading. */
const ADDED = { otherPersona: null, ownMinusOther: null, costJudge: null, costs: [] };

/** Renames the fields of a version 2 evaluation to those of version 3, and adds those it lacks. Refuses version 1, passes on anything else. */
export function readFormerEvaluation(value: unknown, context: z.RefinementCtx): unknown {
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (schema === 'aloe-evaluation/1') {
    context.addIssue({
      code: 'custom',
      message:
        'version 1 has no lock, so prompts and cases are unknown. Evaluate again with the same run directory; cached calls are free.',
    });
    return z.NEVER;
  }
  if (schema !== 'aloe-evaluation/2') return value;
  const renamed = changeKey(renameKeys(value, SUMMARY), 'lock', readFormerLock) as object;
  return { ...ADDED, ...renamed, schema: 'aloe-evaluation/3' };
}

function readFormerLock(value: unknown): unknown {
  return changeKey(renameKeys(value, { response: 'responses' }), 'user', (user) =>
    changeKey(user, 'checks', (checks) => renameKeys(checks, { mostTold: 'maxStatements' })),
  );
}
