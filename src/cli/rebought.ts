import type { StringArgDef } from 'citty';
import { RunConflictError } from '../errors.ts';
import type { ReboughtCalls, RunEstimate } from '../estimate/run-estimate.ts';
import { counted } from '../internal/format.ts';

/** The flag that lets a command buy again what is stored. */
export const reboughtArgs: {
  readonly 'max-rebought': StringArgDef & { readonly default: string };
} = {
  'max-rebought': {
    type: 'string',
    valueHint: 'CALLS',
    default: '20',
    description:
      'Stop before more calls than this are bought again because a prompt, model or setting has changed.',
  },
};

/**
 * Stops before the first call if too many would be bought again.
 *
 * @param run Names the run directory.
 * @throws RunConflictError naming roles and models.
 */
export function checkRebought({ total, rebought }: RunEstimate, max: number, run: string): void {
  const { rebought: calls } = total.typical;
  if (calls <= max) return;
  throw new RunConflictError(
    `${run} holds other answers for ${counted(calls, 'call')} that would be bought again: ${rebought.map(describe).join('; ')}.`,
    {
      modelId: rebought[0]?.model,
      hint: `If that is meant, add --max-rebought ${calls}, or use another run directory.`,
    },
  );
}

function describe({ role, model, earlierModel, calls }: ReboughtCalls): string {
  const change =
    model === earlierModel
      ? `of "${model}", asked differently`
      : `of "${model}" in place of "${earlierModel}"`;
  return `${role}, ${counted(calls, 'call')} ${change}`;
}
