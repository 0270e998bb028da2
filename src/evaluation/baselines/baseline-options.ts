import type { Prompt } from '../../models/prompt.ts';

/** What all baselines take. */
export interface BaselineOptions<Variables> {
  /** How tables name it. Default: the model's id, and what is done with it. */
  readonly name?: string | undefined;
  /** Default: the prompt of this library. */
  readonly prompt?: Prompt<Variables> | undefined;
}
