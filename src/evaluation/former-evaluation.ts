import { changeKey, renameKeys } from '../internal/former-names.ts';

const SUMMARY = { improvement: 'improvementRate', normalizedImprovement: 'normalizedImprovementRate' };

/** An evaluation of version 2 under the names of version 3; anything else unchanged. */
export function readFormerEvaluation(value: unknown): unknown {
  if ((value as { schema?: unknown } | null)?.schema !== 'aloe-evaluation/2') return value;
  const renamed = changeKey(renameKeys(value, SUMMARY), 'lock', readFormerLock) as object;
  return { ...renamed, schema: 'aloe-evaluation/3' };
}

function readFormerLock(value: unknown): unknown {
  return changeKey(renameKeys(value, { response: 'responses' }), 'user', (user) =>
    changeKey(user, 'checks', (checks) => renameKeys(checks, { mostTold: 'maxStatements' })),
  );
}
