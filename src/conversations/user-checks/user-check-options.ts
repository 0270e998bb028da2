import { checkKnownOptions, type Scalars, wholeNumber } from '../../internal/option-checks.ts';
import { checkMethod } from '../../internal/options.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import type { Run } from '../../runs/run.ts';

/** How strictly simulated users' messages are checked. */
export interface UserCheckOptions {
  /** Maximum number of the persona's statements one message may reveal, by shared words. Default 2. */
  readonly maxStatements?: number | undefined;
  /**
   * Model that is asked whether a message takes the friend's part, sounds like an assistant, contradicts the persona,
   * reveals too much, repeats the prompt or speaks of the person in the third person. One call per message that passed the
   * rules. A message with such a fault is written again, and kept and marked if no attempt does better. Default: rules alone.
   */
  readonly model?: ChatModel | undefined;
}

/** The option of {@link UserCheckOptions} that is a number. */
const userCheckScalars: Scalars<Record<'maxStatements', number>> = {
  maxStatements: wholeNumber({ min: 1 }, 2, 'Statements of the persona that one user message may reveal.'),
};

/** Validated options with defaults applied. */
export interface CheckedUserCheckOptions extends UserCheckOptions {
  readonly maxStatements: number;
}

/** @throws InvalidOptionError naming the invalid option. */
export function checkUserCheckOptions(options: UserCheckOptions = {}): CheckedUserCheckOptions {
  checkKnownOptions('userChecks', options, { maxStatements: true, model: true });
  const { model } = options;
  const maxStatements = userCheckScalars.maxStatements(options.maxStatements, 'userChecks.maxStatements');
  if (model !== undefined) checkMethod('userChecks.model', model, 'generate', 'a ChatModel');
  return { maxStatements, model };
}

/** The same options with the model wrapped by the run. */
export function withRun(options: CheckedUserCheckOptions, run: Run): CheckedUserCheckOptions {
  return options.model === undefined ? options : { ...options, model: run.model(options.model) };
}
