import type { GenerationSettings } from '../conversations/generation-settings.ts';
import type { JudgeRubric } from '../evaluation/judges/rubrics.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { PersonaPoolGrowOptions } from '../personas/grow-options.ts';

/** A model, with what is needed to use it well. */
export interface OpenedModel {
  readonly model: ChatModel & { dispose?(): Promise<void> };
  /** A caveat to print with the results. Empty when there is none. */
  readonly note: string;
  /** To print before the first call. Default: nothing. */
  readonly warning?: string | undefined;
  /** The directory of its files, if these gave it its revision. */
  readonly directory?: string | undefined;
  /** Sampling temperatures for this model. Default: the library's. */
  readonly temperatures?: { readonly user: number; readonly judge: number };
  /** How it is prompted to play the users. Default `free`. */
  readonly userPrompt?: 'free' | 'steered';
  /** Sizes at which it can write persona entries. Default: the library's. */
  readonly growth?: Pick<PersonaPoolGrowOptions, 'entriesPerCall' | 'callsPerWave' | 'maxOutputTokens'>;
  /** How its responses are sampled. Default: the library's. */
  readonly responses?: GenerationSettings;
  /** The rubric that this model can follow as a judge. Default: the library's. */
  readonly rubric?: JudgeRubric;
}
