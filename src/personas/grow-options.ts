import type { Embedder, SimilarityThreshold } from '../embeddings/embedder.ts';
import { flag, number, optional, type Scalars, wholeNumber } from '../internal/option-checks.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { Prompt } from '../models/prompt.ts';
import type { Run } from '../runs/run.ts';
import type { Attributes } from './attributes.ts';
import type { Personality, Profile } from './persona.ts';
import type { PersonaGenerationVariables } from './persona-generation.ts';
import type { PersonaPoolEvent } from './pool-events.ts';

/** Options of {@link PersonaPool.grow}. */
export interface PersonaPoolGrowOptions {
  /** Holds the journal, the seed and the concurrency limit. Default: an in-memory run with seed 0. */
  readonly run?: Run | undefined;
  /** Model that generates the entries. */
  readonly model: ChatModel;
  /** Measures how similar entries are. */
  readonly embedder: Embedder;
  /** Target number of profiles, seeds included. Default 330, as in the paper. */
  readonly profiles?: number | undefined;
  /** Target number of personalities, seeds included. Default 71, as in the paper. */
  readonly personalities?: number | undefined;
  /**
   * Entries to start from. They are kept unchanged, without a similarity check, up to the target number. Default:
   * `seedProfiles` and `seedPersonalities`.
   */
  readonly seeds?:
    | {
        readonly profiles?: readonly Profile[] | undefined;
        readonly personalities?: readonly Personality[] | undefined;
      }
    | undefined;
  /** Entries of the pool shown as examples in each call. Default 5, as in the paper. */
  readonly examplesPerCall?: number | undefined;
  /** New entries requested per call. Default 20, as in the paper. */
  readonly entriesPerCall?: number | undefined;
  /** Concurrent calls per wave. They draw examples from the same pool, so this number affects the result. Default 4. */
  readonly callsPerWave?: number | undefined;
  /** Sampling temperature. Default 0.8, as in the paper. */
  readonly temperature?: number | undefined;
  /** Maximum length of a reply, in tokens. Default 400 times `entriesPerCall`. */
  readonly maxOutputTokens?: number | undefined;
  /**
   * A new entry is discarded if its cosine similarity to any accepted entry is higher. -1 to 1, for both kinds or for each.
   * Default: the embedder's, else 0.6, as in the paper.
   */
  readonly similarityThreshold?: SimilarityThreshold | undefined;
  /**
   * Entries outside the pool that new ones must differ from too, by the same threshold. Default: the people of the
   * benchmark, so that a model is not evaluated on people like those it was trained with.
   */
  readonly apartFrom?:
    | {
        readonly profiles?: readonly Profile[] | undefined;
        readonly personalities?: readonly Personality[] | undefined;
      }
    | undefined;
  /**
   * What the pool should be balanced by, such as age group or region: names and values of your own. The model is told what is
   * still missing and labels each entry. Labels are in `attributes` of profiles and personalities. Default: none.
   *
   * @example
   * ```ts
   * { profiles: { region: ['Africa', 'Asia', 'Europe'], 'age group': { '16-29': 1, '30-59': 2, '60+': 1 } } }
   * ```
   */
  readonly attributes?:
    | { readonly profiles?: Attributes | undefined; readonly personalities?: Attributes | undefined }
    | undefined;
  /**
   * Language of the entries, as a BCP 47 tag: `de`, `pt-BR`. The shipped seeds are English: in another language they are shown
   * as examples and do not join the pool. The quality gate is tested with English, German, Spanish, French and Chinese.
   * Default `en`.
   */
  readonly language?: string | undefined;
  /**
   * Whether to refuse entries with a clear flaw: placeholders, words of the prompt, statements copied from other entries,
   * repetition, contradictions, another language. Checked by rules, without a model. Default true.
   */
  readonly qualityGate?: boolean | undefined;
  /**
   * Growth stops when a smaller share than `acceptance` of the last `window` new entries was accepted. Default
   * `{ acceptance: 0.1, window: 100 }`.
   */
  readonly bottleneck?:
    | { readonly acceptance?: number | undefined; readonly window?: number | undefined }
    | undefined;
  /** Maximum number of calls for each of the two pools. Default: ten times as many as if every new entry were accepted. */
  readonly maxCalls?: number | undefined;
  /** Custom prompts. Omitted ones keep their default. */
  readonly prompts?:
    | {
        readonly profiles?: Prompt<PersonaGenerationVariables> | undefined;
        readonly personalities?: Prompt<PersonaGenerationVariables> | undefined;
      }
    | undefined;
  /** Aborts growth. Its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Called as growth progresses. An error it throws stops growth. */
  readonly onEvent?: ((event: PersonaPoolEvent) => void) | undefined;
}

/** The options of {@link PersonaPoolGrowOptions} that are numbers. */
export const growScalars: Scalars<
  Record<
    'profiles' | 'personalities' | 'examplesPerCall' | 'entriesPerCall' | 'callsPerWave' | 'temperature',
    number
  > &
    Record<'qualityGate', boolean> &
    Record<'maxOutputTokens' | 'similarityThreshold' | 'maxCalls', number | undefined>
> = {
  profiles: wholeNumber({ min: 1 }, 330, 'Target number of profiles, the shipped seeds included.'),
  personalities: wholeNumber({ min: 1 }, 71, 'Target number of personalities, the shipped seeds included.'),
  examplesPerCall: wholeNumber({ min: 1 }, 5, 'Entries shown to the model as examples in each call.'),
  entriesPerCall: wholeNumber({ min: 1 }, 20, 'New entries requested per call.'),
  callsPerWave: wholeNumber({ min: 1 }, 4, 'Calls that draw their examples from the same pool.'),
  temperature: number({ min: 0 }, 0.8, 'Sampling temperature of generated entries.'),
  maxOutputTokens: optional(
    wholeNumber({ min: 1 }, 8_000, 'Maximum length of a reply, in tokens (default: 400 per entry).'),
  ),
  similarityThreshold: optional(
    number(
      { min: -1, max: 1 },
      0.6,
      "Entries more similar than this to an accepted one are discarded (cosine; default: the embedder's, else 0.6).",
    ),
  ),
  qualityGate: flag(true, 'Refuse entries with a clear flaw, such as a placeholder or words of the prompt.'),
  maxCalls: optional(
    wholeNumber({ min: 1 }, 1, 'Maximum number of calls for each of profiles and personalities.'),
  ),
};
