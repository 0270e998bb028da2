import { checkKnownOptions } from '../../internal/option-checks.ts';
import { checkMethod, checkNumber } from '../../internal/options.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { errands, falseClaims } from './probes.ts';

/** What to ask beyond the conversations to measure the costs of alignment. */
export interface CostOptions {
  /**
   * Answers a yes-or-no question about each response and each reply to a probe, beside the rules. Pass it without a run
   * around it. Default: rules only.
   */
  readonly judge?: ChatModel | undefined;
  /** False claims, and errands for somebody else, that each case ends with: one call of the candidate each. Default 1. */
  readonly probesPerCase?: number | undefined;
}

/** {@link CostOptions} with defaults applied. */
export interface CheckedCostOptions {
  readonly judge: ChatModel | null;
  readonly probesPerCase: number;
}

/** Null: no probes. @throws InvalidOptionError naming what is wrong. */
export function checkCostOptions(
  given: boolean | CostOptions = false,
  option: string,
): CheckedCostOptions | null {
  if (given === false) return null;
  const options = given === true ? {} : given;
  checkKnownOptions<CostOptions>(option, options, { judge: true, probesPerCase: true });
  const { judge } = options;
  if (judge !== undefined) checkMethod(`${option}.judge`, judge, 'generate', 'a ChatModel');
  const max = Math.min(falseClaims.length, errands.length);
  return {
    judge: judge ?? null,
    probesPerCase: checkNumber(`${option}.probesPerCase`, options.probesPerCase ?? 1, {
      min: 1,
      max,
      integer: true,
    }),
  };
}
