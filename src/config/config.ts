import type { ConversationTreeBuilderOptions } from '../conversations/builder-options.ts';
import type { Embedder } from '../embeddings/embedder.ts';
import type { Candidate } from '../evaluation/candidate.ts';
import type { AloeEvaluatorOptions } from '../evaluation/evaluator-options.ts';
import type { JudgeRubric } from '../evaluation/judges/rubrics.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { ChatTemplateKwargs } from '../models/chat-template-kwargs.ts';
import type { PromptCache } from '../models/prompt-cache/prompt-cache.ts';
import type { PersonaPoolGrowOptions } from '../personas/grow-options.ts';
import type { PairingOptions } from '../personas/persona-pool.ts';
import type { PreferenceExporterOptions } from '../preferences/exporter-options.ts';
import type { RunOptions } from '../runs/run-options.ts';
import type { InteractToAlignOptions } from '../training/job/interact-to-align.ts';

/** A model by reference, such as `openai:gpt-4o`, or with where it is and what it is called there. */
export interface ModelSettings {
  /**
   * `openai:NAME`, `openai-compatible:NAME@URL` (or `@URL,URL`), `ai-sdk:PACKAGE:NAME`, `gguf:FILE`, `hf:OWNER/REPO:QUANT` or `embedded`. A
   * bare name is a model at `baseUrl`, else at `OPENAI_BASE_URL`, else at OpenAI.
   */
  readonly model: string;
  /** Base URL of an OpenAI-compatible server, including `/v1`. Several servers of the same model: with commas between them. */
  readonly baseUrl?: string | undefined;
  /** Name of the environment variable that holds the API key. Default: `OPENAI_API_KEY` for OpenAI and `OPENAI_BASE_URL`. */
  readonly keyEnv?: string | undefined;
  /** A name for the weights, if the server can have new weights under the same name. */
  readonly revision?: string | undefined;
  /** To resume: the server still has the same weights under this name. Default false. */
  readonly sameModel?: boolean | undefined;
  /** Send calls through the server's batch API, at half the price and within 24 hours each. Default false. */
  readonly batch?: boolean | undefined;
  /** Time limit of one call, in milliseconds. Default 600,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * How to tell the server which calls extend the same prompt: `key` sends `prompt_cache_key`, `slots` is for llama.cpp.
   * Default: `key` for OpenAI, else `none`.
   */
  readonly promptCache?: PromptCache | undefined;
  /** Variables for the model's chat template, such as `{ enable_thinking: false }`. Default: none. */
  readonly chatTemplateKwargs?: ChatTemplateKwargs | undefined;
}

/** A model: a reference, a reference with settings, or in TypeScript a model object. */
export type ConfigModel = string | ModelSettings | ChatModel;

/** An embedder by name, with where it is. */
export interface EmbedderSettings {
  /** `lexical`, `transformers` or `openai:NAME`. */
  readonly model: string;
  /** Base URL of an OpenAI-compatible server, for `openai:NAME`. */
  readonly baseUrl?: string | undefined;
  /** Name of the environment variable that holds the API key of `baseUrl`. */
  readonly keyEnv?: string | undefined;
  /** Length of the vectors. Default: known for the models of OpenAI. */
  readonly dimensions?: number | undefined;
}

/** The model of each role. A role without one takes `default`. */
export interface ConfigModels {
  /** For every role that has no model of its own. Default: `gpt-4o-mini` if `OPENAI_API_KEY` is set, else `embedded`. */
  readonly default?: ConfigModel | undefined;
  /** Generates the entries of the persona pool. */
  readonly personas?: ConfigModel | undefined;
  /** Plays the users, in conversations and in evaluations. */
  readonly user?: ConfigModel | undefined;
  /** Decides what user messages have revealed. */
  readonly inducer?: ConfigModel | undefined;
  /** Writes the preferred responses. Several models, in a list, write by turns. */
  readonly preferred?: ConfigModel | readonly ConfigModel[] | undefined;
  /** Writes the rejected responses. Several models, in a list, write by turns. */
  readonly rejected?: ConfigModel | readonly ConfigModel[] | undefined;
  /** Verifies pairs, and picks the best of several responses. Default: `judge`. */
  readonly pairJudge?: ConfigModel | undefined;
  /** Judges the candidates' responses. */
  readonly judge?: ConfigModel | undefined;
  /**
   * Tells near-duplicates in the pool apart: `lexical` (no model), `transformers` (a small model in this process) or
   * `openai:NAME`. Default: `transformers` if its package is installed, else `lexical`.
   */
  readonly embedder?: string | EmbedderSettings | Embedder | undefined;
}

/** The persona pool. Its sizes count the shipped seeds. */
export interface PersonasConfig
  extends Pick<
      PersonaPoolGrowOptions,
      | 'profiles'
      | 'personalities'
      | 'examplesPerCall'
      | 'entriesPerCall'
      | 'callsPerWave'
      | 'temperature'
      | 'maxOutputTokens'
      | 'qualityGate'
      | 'language'
      | 'attributes'
      | 'maxCalls'
    >,
    Pick<PairingOptions, 'personalitiesPerProfile'> {
  /**
   * A new entry is discarded if its cosine similarity to any accepted entry is higher. -1 to 1. Default: the embedder's for
   * profiles and for personalities, else 0.6.
   */
  readonly similarityThreshold?: number | undefined;
  /** A pool to use instead of growing one: a file that `aloe personas` or `PersonaPool.save()` wrote. */
  readonly pool?: string | undefined;
}

/** The preference conversations. */
export interface ConversationsConfig
  extends Pick<
    ConversationTreeBuilderOptions,
    'turns' | 'induction' | 'attempts' | 'branchCalls' | 'userMessages' | 'responses'
  > {
  /** Number of personas, drawn from the pool by the seed. Default: all of them. */
  readonly personas?: number | undefined;
  /**
   * For so many turns a conversation goes on from both responses, then from one at random: a tree with 2 to that power of
   * leaves. Default 0, as in the paper.
   */
  readonly continueBoth?: number | undefined;
  /** How many responses each side is chosen from, 1 to 16. With more than one, `models.pairJudge` picks. Default 1. */
  readonly bestOf?: number | undefined;
  /** Have `models.pairJudge` verify each pair, in both orders. Default false. */
  readonly verify?: boolean | undefined;
  /** Gives each persona something to get done. Default false. */
  readonly tasks?: boolean | undefined;
  /** The chance of each human habit, such as typos, 0 to 1. Default 0. */
  readonly habits?: number | undefined;
}

/** A format of training files. Those of Axolotl and LLaMA-Factory are for the model in `training.base`. */
export type ConfigFormat =
  | 'axolotl-dpo'
  | 'axolotl-sft'
  | 'llama-factory-dpo'
  | 'llama-factory-sft'
  | 'openai-preference'
  | 'openai-sft'
  | 'trl-dpo'
  | 'trl-kto'
  | 'trl-sft';

/** The training files. */
export interface ExportConfig
  extends Pick<
    PreferenceExporterOptions,
    | 'validationShare'
    | 'minRevealed'
    | 'keepTruncated'
    | 'keep'
    | 'siblings'
    | 'maxRecordsPerConversation'
    | 'balanceLength'
  > {
  /** Default: `trl-sft` and `trl-dpo`. */
  readonly formats?: readonly ConfigFormat[] | undefined;
  /** Variables for the base model's chat template, in the rows of `trl-sft` and `trl-dpo`. Default: none. */
  readonly chatTemplateKwargs?: ChatTemplateKwargs | undefined;
}

/** How a candidate is prompted: the methods and baselines of the library. */
export type CandidateMethod =
  | 'adaptive'
  | 'bare'
  | 'chain-of-thought'
  | 'oracle'
  | 'reminder'
  | 'self-critic'
  | 'wrong-persona';

/** A candidate of an evaluation. */
export interface CandidateConfig {
  /** Name in tables. Default: the method, and the model's id if it is not the default model. */
  readonly name?: string | undefined;
  /** Default: the model of `models.default`. */
  readonly model?: ConfigModel | undefined;
  /** Default `bare`. */
  readonly method?: CandidateMethod | undefined;
}

/** The evaluation on the ALOE benchmark. */
export interface EvaluationConfig
  extends Pick<
    AloeEvaluatorOptions,
    'turns' | 'repeats' | 'attempts' | 'otherPersona' | 'userMessages' | 'responses'
  > {
  /** A method alone stands for the default model with it. Default: `bare` and `adaptive`. */
  readonly candidates?: readonly (CandidateMethod | CandidateConfig | Candidate)[] | undefined;
  /** Number of ALOE cases, or the directory of the authors' released evaluation files. Default 100. */
  readonly cases?: number | string | undefined;
  /** `model`: an LLM judge. `rules`: no LLM; users get preferences that code can check. Default `model`. */
  readonly judge?: 'model' | 'rules' | undefined;
  /** Rubric of the LLM judge. Default `aspects`; `paper` for small models. */
  readonly rubric?: JudgeRubric | undefined;
  /** Also measure what alignment cost. Default false. */
  readonly costs?: boolean | undefined;
  /** Each user wants something done. Default false. */
  readonly tasks?: boolean | undefined;
  /** What users want depends on a situation, which changes. Default false. */
  readonly situations?: boolean | undefined;
  /** Some users have a bad day, are impatient, or make typos. Default false. */
  readonly human?: boolean | undefined;
}

/** The fine-tune: the options of `interactToAlign()`. Data that is left out is what this run exported. */
export type TrainingConfig = Omit<InteractToAlignOptions, 'signal'>;

/** Everything a study is, in one object: `aloe.config.ts`, `.yaml` or `.json`. */
export interface AloeConfig
  extends Pick<RunOptions, 'seed' | 'concurrency' | 'maxRebought' | 'budget' | 'prices'> {
  /** For editors: the JSON Schema of this file. It has no effect. */
  readonly $schema?: string | undefined;
  /** Run directory, or `postgres://user@host/database?run=NAME` for a run in a database. Default `runs/aloe`. */
  readonly run?: string | undefined;
  /**
   * Directory of personas, conversations, training files, results and report. Default: the run directory; for a run in a
   * database, `runs/NAME`.
   */
  readonly files?: string | undefined;
  /** To resume: all served models still have the same weights. Default false. */
  readonly sameModel?: boolean | undefined;
  /** Retries per call on transient errors. Default 6. */
  readonly retries?: number | undefined;
  /** How long to wait for a model that cannot be reached or asks for a pause, in minutes. Default 30. */
  readonly deadlineMinutes?: number | undefined;
  readonly models?: ConfigModels | undefined;
  /**
   * How the simulated users are prompted. `free`: they choose what to write about. `steered`: one given fact per message, for
   * weak models. Default: `steered` for small models, else `free`.
   */
  readonly userPrompt?: 'free' | 'steered' | undefined;
  readonly personas?: PersonasConfig | undefined;
  readonly conversations?: ConversationsConfig | undefined;
  readonly export?: ExportConfig | undefined;
  readonly evaluation?: EvaluationConfig | undefined;
  /** Without it, nothing is trained. */
  readonly training?: TrainingConfig | undefined;
}

/**
 * Types a config file, and returns it as it is.
 *
 * @example
 * ```ts
 * import { defineConfig } from 'aloe-align/config';
 *
 * export default defineConfig({
 *   run: 'runs/first',
 *   models: { default: 'openai:gpt-4o-mini', judge: 'openai:gpt-4o' },
 *   conversations: { personas: 20, turns: 4 },
 *   evaluation: { cases: 10, turns: 4 },
 * });
 * ```
 */
export function defineConfig(config: AloeConfig): AloeConfig {
  return config;
}
