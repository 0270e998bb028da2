import { checkKnownOptions } from '../../internal/option-checks.ts';
import { checkMethod, checkNumber } from '../../internal/options.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import type { Run } from '../../runs/run.ts';

/** How strictly the simulated users' messages are checked. */
export interface UserCheckOptions {
  /** How many statements of the persona one message may tell, by the words they share. Default 2. */
  readonly maxStatements?: number | undefined;
  /**
   * Is asked about every message that passed the other checks, whether it contradicts the persona: one call a message.
   * Default: only what code can see counts, such as another age.
   */
  readonly model?: ChatModel | undefined;
}

/** Options with their defaults, known to be right. */
export interface CheckedUserCheckOptions extends UserCheckOptions {
  readonly maxStatements: number;
}

/** @throws InvalidOptionError naming the option that is wrong. */
export function checkUserCheckOptions(options: UserCheckOptions = {}): CheckedUserCheckOptions {
  checkKnownOptions('userChecks', options, { maxStatements: true, model: true });
  const { maxStatements = 2, model } = options;
  checkNumber('userChecks.maxStatements', maxStatements, { min: 1, integer: true });
  if (model !== undefined) checkMethod('userChecks.model', model, 'generate', 'a ChatModel');
  return { maxStatements, model };
}

/** The same with the run around the model. */
export function withRun(options: CheckedUserCheckOptions, run: Run): CheckedUserCheckOptions {
  return options.model === undefined ? options : { ...options, model: run.model(options.model) };
}
