import type { Prompt } from '../../models/prompt.ts';

/** Options shared by all baselines. */
export interface BaselineOptions<Variables> {
  /** Name in tables. Default: the model's id and the name of the technique. */
  readonly name?: string | undefined;
  /** Default: the built-in prompt. */
  readonly prompt?: Prompt<Variables> | undefined;
}
