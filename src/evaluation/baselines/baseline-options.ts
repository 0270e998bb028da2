import { refuseUnknownOptions } from '../../internal/option-checks.ts';
import { checkMethod } from '../../internal/options.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import type { Prompt } from '../../models/prompt.ts';

/** Options shared by all baselines. */
export interface BaselineOptions<Variables> {
  /** Name in tables. Default: the model's id and the name of the technique. */
  readonly name?: string | undefined;
  /** Default: the built-in prompt. */
  readonly prompt?: Prompt<Variables> | undefined;
}

/**
 * @param owner The baseline, for errors: `oracle()`.
 * @throws InvalidOptionError if the model is not a `ChatModel`, or an option is unknown.
 */
export function checkBaseline(
  owner: string,
  model: ChatModel,
  options: object,
  further: readonly string[] = [],
): void {
  checkMethod('model', model, 'generate', 'a ChatModel');
  refuseUnknownOptions(owner, options, ['name', 'prompt', ...further]);
}
