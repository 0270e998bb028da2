import type { Embedder } from '../embeddings/embedder.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { Prompt } from '../models/prompt.ts';
import type { Run } from '../runs/run.ts';
import type { Personality, Profile } from './persona.ts';
import type { PersonaGenerationVariables } from './persona-generation.ts';
import type { PersonaPoolEvent } from './pool-events.ts';

export interface PersonaPoolGrowOptions {
  /** Journal, seed and limit of calls in flight. Default: a run in memory with seed 0. */
  readonly run?: Run | undefined;
  /** Writes the new people. */
  readonly model: ChatModel;
  /** Measures how alike two of them are. */
  readonly embedder: Embedder;
  /** Number of profiles to end with, seeds included. Default 330, as the paper. */
  readonly profiles?: number | undefined;
  /** Number of personalities to end with, seeds included. Default 71, as the paper. */
  readonly personalities?: number | undefined;
  /** What growth starts from; kept as they are, up to the target. Default: `seedProfiles` and `seedPersonalities`. */
  readonly seeds?:
    | {
        readonly profiles?: readonly Profile[] | undefined;
        readonly personalities?: readonly Personality[] | undefined;
      }
    | undefined;
  /** Entries of the pool that a call shows as examples. Default 5, as the paper. */
  readonly examplesPerCall?: number | undefined;
  /** New entries a call asks for. Default 20, as the paper. */
  readonly entriesPerCall?: number | undefined;
  /** Calls made side by side from the same state of the pool. Part of what decides the result. Default 4. */
  readonly callsPerWave?: number | undefined;
  /** Sampling temperature. Default 0.8, as the paper. */
  readonly temperature?: number | undefined;
  /** Upper bound of a reply's length, in tokens. Default 400 for each candidate asked for. */
  readonly maxOutputTokens?: number | undefined;
  /** A candidate more similar than this to anything accepted is discarded; -1 to 1. Default 0.6, as the paper. */
  readonly similarityThreshold?: number | undefined;
  /**
   * Growth ends when, of the last `window` candidates, a smaller share than `acceptance` was accepted.
   * Default `{ acceptance: 0.1, window: 100 }`.
   */
  readonly bottleneck?:
    | { readonly acceptance?: number | undefined; readonly window?: number | undefined }
    | undefined;
  /** Upper bound of calls for each of the two pools. Default: ten times what would do if every candidate were new. */
  readonly maxCalls?: number | undefined;
  /** Prompts to use instead of the library's. */
  readonly prompts?:
    | {
        readonly profiles?: Prompt<PersonaGenerationVariables> | undefined;
        readonly personalities?: Prompt<PersonaGenerationVariables> | undefined;
      }
    | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: PersonaPoolEvent) => void) | undefined;
}
