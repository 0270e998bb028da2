import * as z from 'zod';
import { changeEach, changeKey, renameKeys } from '../internal/former-names.ts';
import { silentJudgement } from './silent-response.ts';

const SUMMARY = { improvement: 'improvementRate', normalizedImprovement: 'normalizedImprovementRate' };
/** What version 2 did not measure. Costs that rules read off responses are computed on reading. */
const ADDED = {
  varianceComponents: null,
  dropout: null,
  otherPersona: null,
  ownMinusOther: null,
  costJudge: null,
  costs: [],
};

/**
 * Converts a version 2 evaluation to version 3: renames fields, gives empty responses, which had no score, the score 1, and
 * writes out the settings that were sent. What was not measured is null. Refuses version 1, passes on anything else.
 */
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
  const renamed = changeKey(renameKeys(value, SUMMARY), 'lock', readFormerLock);
  const cases = changeKey(renamed, 'cases', readFormerCases) as object;
  return { ...ADDED, ...cases, schema: 'aloe-evaluation/3' };
}

/** No judge was asked about an empty response, so its score is known. Cases were played once. */
function readFormerCases(cases: unknown): unknown {
  return changeEach(cases, (played) =>
    changeKey({ ...(played as object), repeat: 1 }, 'turns', (turns) =>
      changeEach(turns, (turn) =>
        changeKey(turn, 'judgement', (judgement) =>
          (judgement as { status?: unknown } | null)?.status === 'no-response'
            ? { ...(judgement as object), ...silentJudgement() }
            : judgement,
        ),
      ),
    ),
  );
}

function readFormerLock(value: unknown): unknown {
  const once = { ...(renameKeys(value, { response: 'responses' }) as object), repeats: 1 };
  return changeKey(once, 'user', (user) =>
    readFormerSampling(
      changeKey(user, 'checks', (checks) => renameKeys(checks, { mostTold: 'maxStatements' })),
    ),
  );
}

/** The defaults that version 2 sent for user messages, and wrote as null. */
const SENT = { temperature: 0.8, maxOutputTokens: 160 };

function readFormerSampling(user: unknown): unknown {
  return changeKey(
    changeKey(user, 'temperature', (given) => given ?? SENT.temperature),
    'maxOutputTokens',
    (given) => given ?? SENT.maxOutputTokens,
  );
}
